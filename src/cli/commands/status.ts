import type { ConnectorReport } from '../../admin-api/answers.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { ownCommand } from '../own-command.ts';
import { differenceLines } from '../show.ts';
import { connectorLine, overview, problemLines } from '../status/overview.ts';

export interface StatusOptions extends AdminOptions {
  readonly drift?: boolean;
  readonly problems?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `sluice status`: what needs a person, what serves, what is paused and why, what is held. Exit 1 when a person is needed. */
export async function status(
  context: Context,
  id: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
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
