import type { HoldSummary } from '../../admin-api/records.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { codesOf } from '../../outcomes/codes.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, failed, print, printJson, usage } from '../context.ts';
import { differenceLines, printable } from '../show.ts';
import { operator } from './pause.ts';

export interface HeldOptions extends AdminOptions {
  readonly connector?: string;
  readonly code?: string;
  readonly limit?: string;
  readonly verifiedBy?: string;
  /** "<path>=<value>". */
  readonly match?: string;
  readonly by?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `sluice held list`: what was kept and not delivered, oldest first. */
export async function heldList(context: Context, options: HeldOptions): Promise<ExitCode> {
  const wrong = checkCode(options.code);
  if (wrong !== null) return usage(context, wrong);
  if (options.by !== undefined) return heldByFlow(context, options);
  const { connector, code, limit } = options;
  const query = {
    ...(connector === undefined ? {} : { connector }),
    ...(code === undefined ? {} : { code }),
    ...(limit === undefined ? {} : { limit }),
  };
  const answer = await callAdmin(context, options, 'GET /held', { query });
  if (!answer.ok) return failed(context, answer.message);
  if (options.json) {
    printJson(context, answer.value);
    return EXIT.clean;
  }
  for (const hold of answer.value.holds) print(context, summaryLine(hold));
  const { total, holds } = answer.value;
  print(
    context,
    total === 0
      ? 'nothing is held'
      : `${total} held${holds.length < total ? `, the first ${holds.length} shown` : ''}`,
  );
  return EXIT.clean;
}

/** More than the admin API gives at once. */
const PAGE = 1000;

/** `sluice held list --by flow`: how many wait for each Action Flow, since when, and how often the oldest was tried. */
async function heldByFlow(context: Context, options: HeldOptions): Promise<ExitCode> {
  if (options.by !== 'flow') return usage(context, `--by ${options.by} is not known: give flow`);
  const { connector, code } = options;
  const holds: HoldSummary[] = [];
  for (;;) {
    const query = {
      limit: String(PAGE),
      ...(connector === undefined ? {} : { connector }),
      ...(code === undefined ? {} : { code }),
      ...(holds.length === 0 ? {} : { after: holds.at(-1)?.id ?? '' }),
    };
    const answer = await callAdmin(context, options, 'GET /held', { query });
    if (!answer.ok) return failed(context, answer.message);
    holds.push(...answer.value.holds);
    if (answer.value.holds.length < PAGE) break;
  }
  const flows = [...Map.groupBy(holds, ({ flow }) => flow)]
    .map(([flow, [oldest, ...others]]) => ({
      flow,
      count: others.length + 1,
      oldestAt: oldest?.receivedAt ?? null,
      attempts: oldest?.attempts ?? 0,
    }))
    .sort((one, other) => other.count - one.count);
  if (options.json) printJson(context, { flows });
  else {
    for (const { flow, count, oldestAt, attempts } of flows) {
      const since = oldestAt === null ? '' : `, the oldest of ${new Date(oldestAt).toISOString()}`;
      const tried = attempts === 0 ? '' : `, tried ${attempts} times`;
      print(
        context,
        printable(`${(flow ?? '(judged again first)').padEnd(24)} ${count} held${since}${tried}`),
      );
    }
    if (flows.length === 0) print(context, 'nothing is held');
  }
  return EXIT.clean;
}

/** `sluice held show <id>`: one held request: why, what differed, and the request itself. */
export async function heldShow(context: Context, id: string, options: HeldOptions): Promise<ExitCode> {
  const answer = await callAdmin(context, options, 'GET /held/:id', { id });
  if (!answer.ok) return failed(context, answer.message);
  if (options.json) {
    printJson(context, answer.value);
    return EXIT.clean;
  }
  const hold = answer.value;
  print(
    context,
    `${hold.id}: ${hold.connector}, ${hold.code} (${hold.mode}), received ${hold.count === 1 ? 'once' : `${hold.count} times, first`} ${new Date(hold.receivedAt).toISOString()}`,
  );
  print(
    context,
    hold.verifiedBy === null
      ? 'proven by nothing: the connector asks for no proof'
      : printable(`proven by ${hold.verifiedBy}`),
  );
  print(context, printable(hold.message));
  for (const line of differenceLines(hold.differences)) print(context, line);
  print(context, `\n${hold.request.method} ${hold.request.url}`);
  for (const [name, value] of hold.request.headers) print(context, printable(`${name}: ${value}`));
  print(context, printable(`\n${Buffer.from(hold.request.body, 'base64').toString('utf8')}`));
  return EXIT.clean;
}

/** `sluice held discard [ids...]`: drops held requests for good. --dry-run lists them instead. */
export async function heldDiscard(
  context: Context,
  ids: readonly string[],
  options: HeldOptions,
): Promise<ExitCode> {
  if (
    ids.length === 0 &&
    options.connector === undefined &&
    options.verifiedBy === undefined &&
    options.match === undefined
  ) {
    return usage(
      context,
      'say which: ids, --connector <id>, --verified-by <secret>, or --match <path=value>',
    );
  }
  const answer = await callAdmin(context, options, 'POST /held/discard', {
    body: {
      ...(ids.length === 0 ? {} : { ids }),
      ...(options.connector === undefined ? {} : { connector: options.connector }),
      ...(options.verifiedBy === undefined ? {} : { verifiedBy: options.verifiedBy }),
      ...(options.match === undefined ? {} : { match: options.match }),
      ...(options.dryRun ? { dryRun: true } : {}),
      by: operator(options),
    },
  });
  if (!answer.ok) return failed(context, answer.message);
  if (options.json) printJson(context, answer.value);
  else if (answer.value.chosen !== undefined) {
    for (const hold of answer.value.chosen) print(context, summaryLine(hold));
    print(context, `dry run: would discard ${answer.value.chosen.length}`);
  } else print(context, `discarded ${answer.value.discarded}`);
  return EXIT.clean;
}

function summaryLine({ id, connector, code, message, receivedAt, count }: HoldSummary): string {
  const seen = count > 1 ? ` (received ${count} times)` : '';
  return printable(`${id}  ${new Date(receivedAt).toISOString()}  ${connector}  ${code}  ${message}${seen}`);
}

/** What is wrong with a code that holds are chosen by; null: nothing. */
function checkCode(code: string | undefined): string | null {
  const codes: readonly string[] = codesOf('held');
  if (code === undefined || codes.includes(code)) return null;
  const hint = didYouMean(code, codes) || `; there are ${codes.join(', ')}`;
  return `"${code}" is no code of a hold${hint}`;
}
