import type { ConnectorReport, StatusReport } from '../../admin-api/answers.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { differenceLines } from '../show.ts';

export interface StatusOptions extends AdminOptions {
  readonly drift?: boolean;
  readonly json?: boolean;
}

/** Where the file says test, live or disabled: the plan cannot be read. */
const UNREADABLE = 'unknown';

/** `sluice status`: what serves, what is paused and why, what is held. Exit 1 when something needs a person. */
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
  const connectors =
    id === undefined ? all.connectors : all.connectors.filter((connector) => connector.id === id);
  if (id !== undefined && connectors.length === 0) {
    const known = all.connectors.map((one) => one.id);
    printError(context, `the active bundle has no connector "${id}"${didYouMean(id, known)}`);
    return EXIT.usage;
  }
  if (options.json) printJson(context, id === undefined ? all : connectors[0]);
  else {
    printHead(context, all);
    for (const connector of connectors) printConnector(context, connector, options.drift === true);
  }
  const troubled =
    !all.ready ||
    all.state.problems.length > 0 ||
    all.bundle?.lastError ||
    connectors.some((one) => one.paused !== null || one.broken);
  return troubled ? EXIT.problems : EXIT.clean;
}

function printHead(context: Context, status: StatusReport): void {
  const { bundle } = status;
  print(
    context,
    bundle === null
      ? `no bundle is active: every request is answered 503${status.activation.lastError ? ` (${status.activation.lastError.message})` : ''}`
      : `bundle ${bundle.revision} (sequence ${bundle.sequence}), target ${status.target}, at most ${status.mode}`,
  );
  if (bundle?.lastError)
    print(context, `the newest bundle was refused, the last good one serves: ${bundle.lastError.message}`);
  for (const problem of status.state.problems) print(context, `problem: ${problem}`);
}

function printConnector(context: Context, connector: ConnectorReport, withDrift: boolean): void {
  const answers503 = connector.secretsMissing.length > 0 || connector.broken !== null;
  const state = answers503 ? 'not serving' : connector.paused ? 'paused' : 'running';
  const held = connector.held.total > 0 ? `  ${connector.held.total} held` : '';
  print(context, `${connector.id.padEnd(32)} ${(connector.status ?? UNREADABLE).padEnd(8)} ${state}${held}`);
  if (connector.paused) {
    print(context, `  paused ${connector.paused.at} by ${connector.paused.by}: ${connector.paused.reason}`);
    for (const line of differenceLines(connector.paused.differences ?? [])) print(context, `  ${line}`);
  }
  if (connector.secretsMissing.length > 0)
    print(context, `  answers 503: ${connector.secretsMissing.join(', ')} not set`);
  if (connector.broken) print(context, `  answers 503: ${connector.broken}`);
  if (connector.aside > 0)
    print(context, `  ${connector.aside} in a row without a recipient: kept until one has, held from 50 on`);
  if (connector.captureWindow)
    print(context, `  captures until ${new Date(connector.captureWindow.endsAt).toISOString()}`);
  if (withDrift && connector.drift) {
    print(context, `  drifted ${new Date(connector.drift.at).toISOString()}:`);
    for (const line of differenceLines(connector.drift.differences)) print(context, `  ${line}`);
  }
}
