import { REPLAY_STREAM, type ReplayLine, type ReplayView } from '../../admin-api/answers.ts';
import { type HoldSource, holdsOfFolder } from '../../workbench/held/hold-source.ts';
import { type BundleTrial, readBundleToTry, tryBundle } from '../../workbench/held/try-bundle.ts';
import { type AdminOptions, callAdmin, streamAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, failed, print, printJson, usage } from '../context.ts';
import { holdsOfRuntime, SourceFailure } from '../held/holds-of-runtime.ts';
import { withOfflineState } from '../offline-state.ts';
import { printable } from '../show.ts';
import { operator } from './pause.ts';

export interface ReplayOptions extends AdminOptions {
  readonly connector?: string;
  readonly dryRun?: boolean;
  readonly each?: boolean;
  readonly bundle?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Requests are sent one after the other, and there may be ten thousand. */
const TIMEOUT_MS = 60 * 60 * 1000;

/**
 * `sluice held replay [ids...]`: sends held requests through the active connectors again, oldest first, each delivered
 * once; of several requests of one event the newest that passes, with --each all of them, under ids of their own. With
 * --dry-run it only says what would happen, with --bundle by connectors that are not active yet.
 */
export async function heldReplay(
  context: Context,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<ExitCode> {
  if (ids.length === 0 && options.connector === undefined)
    return usage(context, 'say which: ids, or --connector <id>');
  if (options.bundle !== undefined && !options.dryRun)
    return usage(context, '--bundle is only judged by, never delivered with: add --dry-run');
  return options.bundle === undefined
    ? replay(context, ids, options)
    : tryReplay(context, ids, options, options.bundle);
}

async function replay(context: Context, ids: readonly string[], options: ReplayOptions): Promise<ExitCode> {
  const results: ReplayView[] = [];
  let total: number | null = null;
  const body = {
    ...(ids.length === 0 ? {} : { ids }),
    ...(options.connector === undefined ? {} : { connector: options.connector }),
    ...(options.dryRun ? { dryRun: true } : {}),
    ...(options.each ? { each: true } : {}),
    by: operator(options),
  };
  const call = { body, accept: REPLAY_STREAM, timeoutMs: TIMEOUT_MS };
  const answer = await streamAdmin(context, options, 'POST /held/replay', call, (line) => {
    const said = line as ReplayLine;
    if ('total' in said) {
      total = said.total;
      return;
    }
    results.push(said);
    show(context, options, said, results.length, total ?? 0);
  });
  if (!answer.ok && total === null) return failed(context, answer.message);
  const isWhole = answer.ok && results.length === total;
  if (options.json) printJson(context, { results, total });
  else print(context, summary(results, total ?? 0, options.dryRun ? 'dry run: would deliver' : 'delivered'));
  if (isWhole) return exitCode(results);
  const why = answer.ok ? 'the runtime stopped' : answer.message;
  return failed(
    context,
    `${why} after ${results.length} of ${total}: run the command again, it goes on with what is still held`,
  );
}

async function tryReplay(
  context: Context,
  ids: readonly string[],
  options: ReplayOptions,
  file: string,
): Promise<ExitCode> {
  const read = await readBundleToTry(context.cwd, file);
  if (!read.ok) return failed(context, read.message);
  const run = async (source: HoldSource): Promise<ExitCode> => {
    const chosen = await choose(source, ids, options.connector);
    let count = 0;
    const trial = await tryBundle(read.bundle, source, chosen, options.each ?? false, (result, total) => {
      count += 1;
      show(context, options, result, count, total);
    });
    return report(context, options, file, trial);
  };
  const status = await callAdmin(context, options, 'GET /status', {});
  if (!status.ok && !status.unreachable) return failed(context, status.message);
  try {
    if (status.ok) return await run(holdsOfRuntime(context, options, status.value));
    return await withOfflineState(context, options.state, (owner) => run(holdsOfFolder(owner)));
  } catch (error) {
    if (error instanceof SourceFailure) return failed(context, error.message);
    throw error;
  }
}

/** Oldest first. Of ids and a connector, what both say. */
async function choose(
  source: HoldSource,
  ids: readonly string[],
  connector: string | undefined,
): Promise<readonly string[]> {
  if (connector === undefined) return [...new Set(ids)].sort();
  const held = await source.ids(connector);
  return ids.length === 0 ? held : held.filter((id) => ids.includes(id));
}

function report(context: Context, options: ReplayOptions, file: string, trial: BundleTrial): ExitCode {
  const { results, stillPaused } = trial;
  if (options.json) printJson(context, { bundle: file, ...trial, total: results.length });
  else {
    print(context, summary(results, results.length, `dry run with ${printable(file)}: would deliver`));
    for (const { connector, reason } of stillPaused)
      print(context, `${connector} would stay paused, ${reason}: resume it before the replay`);
  }
  return exitCode(results);
}

/** The next result as it comes; where JSON is wanted in the end, a count for whoever waits at a terminal. */
function show(
  context: Context,
  options: ReplayOptions,
  result: ReplayView,
  done: number,
  total: number,
): void {
  if (options.json) {
    if (context.stderr.isTTY) context.stderr.write(`\r${done} of ${total}${done === total ? '\n' : ''}`);
    return;
  }
  const { id, connector, outcome, code, message, triggers = [] } = result;
  const flows = new Set(triggers.map(({ actionFlow, mode }) => `flow ${actionFlow}, ${mode}`));
  const more = message ?? [...flows].join('; ');
  print(context, printable(`${id}  ${connector}  ${outcome} (${code})${more === '' ? '' : `: ${more}`}`));
}

function summary(results: readonly ReplayView[], total: number, what: string): string {
  const delivered = results.filter(({ outcome }) => outcome === 'delivered').length;
  return `${what} ${delivered} of ${total}`;
}

function exitCode(results: readonly ReplayView[]): ExitCode {
  const isFine = results.every(({ outcome }) => outcome === 'delivered' || outcome === 'ignored');
  return isFine ? EXIT.clean : EXIT.problems;
}
