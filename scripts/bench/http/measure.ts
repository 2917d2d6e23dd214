// A group of contenders, side by side. In: the group, how long. Out: of each the medians of interleaved rounds, and how it
// compares within each round with the one it is compared with: what disturbed both cancels out.
import { type Contender, GROUPS } from './contenders.ts';
import { isThere, type LoadResult, load } from './load.ts';
import { REQUESTS } from './request.ts';
import { type Server, startServer } from './server.ts';

export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface Result {
  readonly group: string;
  readonly name: string;
  readonly against: string | null;
  /** null: it could not be had, `missing` says what would bring it. */
  readonly measured: Measured | null;
  readonly missing: string | null;
}

export interface Measured {
  readonly answered: number;
  readonly perSecond: Spread;
  readonly processorMicroseconds: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  readonly memoryMiB: number;
  /** By processor time per request, and by requests a second: more than 1 is better. null: it is the baseline. */
  readonly ratio: Spread | null;
  readonly throughputRatio: Spread | null;
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

type Round = LoadResult & { readonly processor: number };

const WARM_UP_SECONDS = 2;

export async function measureGroup(
  group: string,
  effort: Effort,
  progress: (text: string) => void,
): Promise<readonly Result[]> {
  const contenders = GROUPS[group] ?? [];
  const there = contenders.filter(({ needs }) => needs === undefined || isThere(needs));
  const sink = await startServer(['sink.ts'], '', 1);
  const running: { contender: Contender; server: Server; rounds: Round[] }[] = [];
  try {
    for (const contender of there)
      running.push({ contender, server: await startServer(contender.command, sink.url), rounds: [] });
    for (const { contender, server } of running)
      await round(server, contender, { ...effort, seconds: WARM_UP_SECONDS });
    for (let index = 0; index < effort.rounds; index += 1) {
      progress(`${group}: round ${index + 1} of ${effort.rounds}`);
      // Every other round the other way about: what runs first has no advantage.
      for (const { contender, server, rounds } of index % 2 === 0 ? running : running.toReversed())
        rounds.push(await round(server, contender, effort));
    }
    const baseline = running.find(({ contender }) => contender.against === undefined);
    return contenders.map((contender) => {
      const found = running.find((one) => one.contender === contender);
      return {
        group,
        name: contender.name,
        against: contender.against ?? null,
        measured:
          found === undefined
            ? null
            : summarise(found.rounds, found.server, found === baseline ? null : (baseline?.rounds ?? null)),
        missing: found === undefined ? `"${contender.needs}" is not installed` : null,
      };
    });
  } finally {
    for (const { server } of running) server.stop();
    sink.stop();
  }
}

async function round(
  server: Server,
  { request }: Contender,
  { connections, seconds }: Effort,
): Promise<Round> {
  const before = server.processorTime();
  const result = await load({ url: server.url, request: REQUESTS[request], connections, seconds });
  return { ...result, processor: (server.processorTime() - before) / result.requests };
}

function summarise(rounds: readonly Round[], server: Server, baseline: readonly Round[] | null): Measured {
  const of = (value: (round: Round, index: number) => number): Spread => spread(rounds.map(value));
  const base = (index: number): Round => baseline?.[index] as Round;
  return {
    answered: rounds.reduce((sum, { requests }) => sum + requests, 0),
    perSecond: of(({ perSecond }) => perSecond),
    processorMicroseconds: of(({ processor }) => processor),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    memoryMiB: server.memory(),
    ratio: baseline === null ? null : of(({ processor }, index) => base(index).processor / processor),
    throughputRatio:
      baseline === null ? null : of(({ perSecond }, index) => perSecond / base(index).perSecond),
  };
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), low: at(0), high: at(sorted.length - 1) };
}
