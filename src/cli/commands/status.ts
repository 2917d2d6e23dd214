import { didYouMean } from '../../diagnostics/suggest.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { differenceLines } from '../show.ts';

export interface StatusOptions extends AdminOptions {
  readonly drift?: boolean;
  readonly json?: boolean;
}

interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

interface ConnectorStatus {
  readonly id: string;
  readonly status: string;
  readonly paused: null | {
    readonly kind: string;
    readonly at: string;
    readonly by: string;
    readonly reason: string;
    readonly differences?: readonly Difference[];
  };
  readonly aside: number;
  readonly held: { readonly total: number; readonly oldestAt?: number | null };
  readonly drift?: { readonly at: number; readonly differences: readonly Difference[] } | null;
  readonly captureWindow?: { readonly endsAt: number } | null;
  readonly secretsMissing?: readonly string[];
  readonly broken?: string | null;
}

interface Status {
  readonly ready: boolean;
  readonly target: string;
  readonly mode: string;
  readonly bundle: null | {
    readonly revision: string;
    readonly sequence: number;
    readonly activatedAt?: string;
    readonly lastError?: null | { readonly message: string };
  };
  readonly activation: { readonly lastError: null | { readonly message: string } };
  readonly state: { readonly problems: readonly string[] };
  readonly connectors: readonly ConnectorStatus[];
}

/** `sluice status`: what serves, what is paused and why, what is held. Exit 1 when something needs a person. */
export async function status(
  context: Context,
  id: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
  const answer = await callAdmin<Status>(context, options, 'GET', '/status');
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

function printHead(context: Context, status: Status): void {
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

function printConnector(context: Context, connector: ConnectorStatus, withDrift: boolean): void {
  const answers503 = (connector.secretsMissing?.length ?? 0) > 0 || connector.broken;
  const state = answers503 ? 'not serving' : connector.paused ? 'paused' : 'running';
  const held = connector.held.total > 0 ? `  ${connector.held.total} held` : '';
  print(context, `${connector.id.padEnd(32)} ${connector.status.padEnd(8)} ${state}${held}`);
  if (connector.paused) {
    print(context, `  paused ${connector.paused.at} by ${connector.paused.by}: ${connector.paused.reason}`);
    for (const line of differenceLines(connector.paused.differences ?? [])) print(context, `  ${line}`);
  }
  if (connector.secretsMissing && connector.secretsMissing.length > 0)
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
