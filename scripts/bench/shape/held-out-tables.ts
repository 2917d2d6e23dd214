/**
 * Counts of events in, Markdown out: shares with the interval that 95 of 100 redrawings of the events give. Events are drawn
 * again, not payloads, as payloads of one event are alike.
 */
import type { EventCounts, Share } from './held-out.ts';
import { CHANGES, MISSED } from './meaning.ts';
import { seededChoice } from './random.ts';

const REDRAWINGS = 1_000;

type Read = (counts: EventCounts) => Share;

export interface Aim {
  readonly text: string;
  readonly read: Read;
  /** With one sample, and with three; as a share. */
  readonly atMost?: readonly [number, number];
}

export const AIMS: readonly Aim[] = [
  { text: 'genuine, recipient must be there: pause', read: ({ paused }) => paused },
  { text: 'genuine, recipient must be there: hold', read: ({ held }) => held },
  {
    text: 'genuine, `whenMissing: ignore`: neither delivered nor ignored',
    read: ({ stopped }) => stopped,
    atMost: [0.25, 0.08],
  },
  { text: '... of all, for the recipient alone', read: ({ stoppedForRecipient }) => stoppedForRecipient },
  { text: '... of all, ignored: nobody to tell', read: ({ ignored }) => ignored },
  {
    text: '... of all, held for a form alone',
    read: ({ falseForms }) => falseForms,
    atMost: [0.015, 0.005],
  },
  {
    text: 'connectors paused after 30 genuine requests',
    read: ({ pausedRuns }) => pausedRuns,
    atMost: [0.15, 0.02],
  },
  {
    text: '... where a payload that comes again is a retry',
    read: ({ pausedByDifferent }) => pausedByDifferent,
  },
  {
    text: 'fitting requests kept back by such a pause',
    read: ({ keptBack }) => keptBack,
    atMost: [0.01, 0.001],
  },
  {
    text: 'structural change of the recipient, delivered',
    read: ({ structural }) => structural,
    atMost: [0, 0],
  },
  {
    text: 'change of meaning in the recipient, delivered',
    read: ({ meaning }) => meaning,
    atMost: [0.04, 0.07],
  },
];

/** `rows`: of one sample, and of three. */
export function formatHeldOut(rows: readonly [readonly EventCounts[], readonly EventCounts[]]): string {
  const sizes = rows.map(
    (events) => `${new Set(events.map(({ source }) => source)).size} sources, ${events.length} events`,
  );
  const shown = [
    ...AIMS,
    ...CHANGES.map((change): Aim => ({ text: `... ${change}`, read: ({ byChange }) => byChange[change] })),
    ...MISSED.map((one): Aim => ({ text: `missed: ${one}, delivered`, read: ({ missed }) => missed[one] })),
  ];
  const lines = shown.map(({ text, read, atMost }) => {
    const cells = rows.map((events) => formatShare(events, read));
    return `| ${text} | ${cells.join(' | ')} | ${atMost === undefined ? '' : atMost.map(percent).join(' / ')} |`;
  });
  return [
    `| | 1 sample (${sizes[0]}) | 3 samples (${sizes[1]}) | aim, at most |`,
    '|---|---:|---:|---:|',
    ...lines,
  ].join('\n');
}

/** True for an aim that both rows meet. */
export function isAimMet({ read, atMost }: Aim, rows: readonly (readonly EventCounts[])[]): boolean {
  return rows.every((events, index) => {
    const { trials, hits } = sum(events, read);
    return atMost === undefined || trials === 0 || hits / trials <= (atMost[index] as number);
  });
}

function formatShare(events: readonly EventCounts[], read: Read): string {
  const { trials, hits } = sum(events, read);
  if (trials === 0) return '-';
  const [low, high] = intervalOf(events, read);
  return `${percent(hits / trials)} (${percent(low)} to ${percent(high)}) of ${trials}`;
}

function intervalOf(events: readonly EventCounts[], read: Read): readonly [number, number] {
  const choose = seededChoice('redraw');
  const shares = Array.from({ length: REDRAWINGS }, () => {
    const drawn = events.map(() => events[choose(events.length)] as EventCounts);
    const { trials, hits } = sum(drawn, read);
    return trials === 0 ? 0 : hits / trials;
  }).sort((left, right) => left - right);
  return [
    shares[Math.floor(REDRAWINGS * 0.025)] as number,
    shares[Math.ceil(REDRAWINGS * 0.975) - 1] as number,
  ];
}

function sum(events: readonly EventCounts[], read: Read): Share {
  const total = { trials: 0, hits: 0 };
  for (const event of events) {
    const { trials, hits } = read(event);
    total.trials += trials;
    total.hits += hits;
  }
  return total;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace(/\.0$/, '')} %`;
}
