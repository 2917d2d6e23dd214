import type { ConnectorReport, ReplicaReport } from '../../admin-api/answers.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, failed, print, printError, printJson } from '../context.ts';
import { ownCommand } from '../own-command.ts';
import { differenceLines, printable } from '../show.ts';
import { connectorLine, overview, problemLines } from '../status/overview.ts';

export interface StatusOptions extends AdminOptions {
  readonly drift?: boolean;
  readonly problems?: boolean;
  readonly all?: boolean;
  /** Of all replicas that share a database. */
  readonly fleet?: boolean;
  readonly json?: boolean;
}

/** `sluice status`: what needs a person, what serves, what is paused and why, what is held. Exit 1 when a person is needed. */
export async function status(
  context: Context,
  id: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
  if (options.fleet === true) return fleet(context, options);
  const answer = await callAdmin(context, options, 'GET /status', {});
  if (!answer.ok) {
    printError(context, answer.message);
    return EXIT.problems;
  }
  const all = answer.value;
  const connector = all.connectors.find((one) => one.id === id);
  if (id !== undefined && connector === undefined) {
    const known = all.connectors.map((one) => one.id);
    printError(context, `the active bundle has no connector "${id}"${didYouMean(id, known)}`);
    return EXIT.usage;
  }
  const command = ownCommand(context.cwd);
  const concerned =
    connector === undefined
      ? all.problems
      : all.problems.filter(({ connectors }) => connectors.length === 0 || connectors.includes(connector.id));
  if (options.json) printJson(context, connector ?? all);
  else if (connector !== undefined) {
    for (const problem of concerned) for (const line of problemLines(problem, command)) print(context, line);
    printConnector(context, connector, true);
  } else {
    for (const line of overview(all, options.problems === true, command)) print(context, line);
    if (options.all === true || options.drift === true)
      for (const one of all.connectors) printConnector(context, one, options.drift === true);
  }
  return concerned.some(({ needsPerson }) => needsPerson) ? EXIT.problems : EXIT.clean;
}

/** Exit 1 where a replica is silent or not ready, or they serve different bundles. */
async function fleet(context: Context, options: StatusOptions): Promise<ExitCode> {
  const answer = await callAdmin(context, options, 'GET /fleet', {});
  if (!answer.ok) return failed(context, answer.message);
  const { replicas } = answer.value;
  const isWell = ({ ready, seenSecondsAgo }: ReplicaReport): boolean =>
    ready && seenSecondsAgo < SILENT_SECONDS;
  const revisions = new Set(replicas.map(({ revision }) => revision));
  if (options.json) printJson(context, answer.value);
  else {
    for (const replica of replicas) print(context, fleetLine(replica));
    if (revisions.size > 1) print(context, `they serve ${revisions.size} different bundles`);
  }
  return replicas.every(isWell) && revisions.size <= 1 ? EXIT.clean : EXIT.problems;
}

/** It says something every five seconds. */
const SILENT_SECONDS = 15;

function fleetLine(replica: ReplicaReport): string {
  const { id, ready, revision, activatedAt, startedAt, seenSecondsAgo, spooled, inCharge } = replica;
  const bundle = revision === null ? 'serves nothing' : `serves ${revision} since ${activatedAt}`;
  return printable(
    [
      `${id}: ${ready ? 'ready' : 'not ready'}`,
      bundle,
      `started ${startedAt}`,
      `seen ${seenSecondsAgo} s ago`,
      ...(spooled === 0 ? [] : [`${spooled} in its spool`]),
      ...(inCharge ? ['sends again what is held'] : []),
    ].join(', '),
  );
}

function printConnector(context: Context, connector: ConnectorReport, withDrift: boolean): void {
  const { paused, secrets, broken, captureWindow, drift } = connector;
  print(context, connectorLine(connector));
  if (paused !== null) {
    print(context, `  paused ${paused.at} by ${paused.by}: ${paused.reason}`);
    for (const line of differenceLines(paused.differences ?? [])) print(context, `  ${line}`);
  }
  for (const { name, reason, stops } of secrets)
    print(context, `  ${stops ? 'answers 503' : 'what only it proves is answered 503'}: ${name}: ${reason}`);
  if (broken !== null) print(context, `  answers 503: ${broken}`);
  if (connector.aside > 0)
    print(context, `  ${connector.aside} in a row without a recipient: kept until one has, held from 50 on`);
  if (captureWindow !== null)
    print(context, `  captures until ${new Date(captureWindow.endsAt).toISOString()}`);
  if (withDrift && drift !== null) {
    print(context, `  drifted ${new Date(drift.at).toISOString()}:`);
    for (const line of differenceLines(drift.differences)) print(context, `  ${line}`);
  }
}
