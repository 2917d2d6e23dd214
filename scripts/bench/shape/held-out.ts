/**
 * In: genuine payloads of many sources. Out: what becomes of those that a connector has not seen, of runs of thirty of them,
 * and of payloads whose recipient has lost its meaning. Runs the shape stage itself, with the settings that are the default.
 */
import { isBlank, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';
import type { PathRead, ShapePlan } from '../../../src/stages/plans.ts';
import { DEFAULT_PAUSE_AFTER, materialiseShape, type ShapeChecker } from '../../../src/stages/shape/check.ts';
import { withoutForms } from '../../../src/stages/shape/learn-forms.ts';
import { prepareShape } from '../../../src/stages/shape/prepare.ts';
import { type Draw, type Place, readsOf, valueAt } from './draw.ts';
import { drawPerson } from './draw-person.ts';
import type { SourceGroup } from './load-corpus.ts';
import { AIMED, CHANGES, type Change, changeMeaning, changeUnseen, MISSED, type Missed } from './meaning.ts';
import { chooseIndexes } from './measure.ts';
import { MUTATIONS, type Mutation, mutate, replaceAt } from './mutate.ts';
import { seededChoice } from './random.ts';

/** Of a share: how many there were, and how many of them did it. */
export interface Share {
  trials: number;
  hits: number;
}

/** Of one event: what a row of the table adds up. */
export interface EventCounts {
  readonly source: string;
  readonly paused: Share;
  readonly held: Share;
  /** Neither delivered nor ignored, where the recipient has whenMissing: ignore. */
  readonly stopped: Share;
  readonly ignored: Share;
  /** Stopped for the recipient alone: with no variables mapped. */
  readonly stoppedForRecipient: Share;
  /** Held for its form alone. */
  readonly falseForms: Share;
  /** Connectors paused at the end of a run. */
  readonly pausedRuns: Share;
  /** The same, where a payload that comes again is a retry of the same event, as in the runtime: it counts once in a row. */
  readonly pausedByDifferent: Share;
  /** Requests of a run that fit and came while it was paused. */
  readonly keptBack: Share;
  readonly structural: Share;
  readonly meaning: Share;
  readonly byChange: Readonly<Record<Change, Share>>;
  readonly missed: Readonly<Record<Missed, Share>>;
}

export interface Effort {
  readonly choices: number;
  readonly draws: number;
}

/** Genuine requests that a connector gets while nobody looks. */
const RUN = 30;

export function measureEvents(
  groups: readonly SourceGroup[],
  samples: number,
  effort: Effort,
): EventCounts[] {
  return groups
    .map((group) => measureEvent(group, samples, effort))
    .filter(({ stopped }) => stopped.trials > 0);
}

function measureEvent(group: SourceGroup, size: number, { choices, draws }: Effort): EventCounts {
  const counts = noCounts(group.source);
  for (const [other, ...chosen] of chooseIndexes(group, size + 1, choices)) {
    const samples = chosen.map((index) => group.payloads[index] as JsonObject);
    const rest = group.payloads.filter((_, index) => !chosen.includes(index));
    for (let number = 0; number < draws; number++) {
      const choose = seededChoice(`${group.name} ${other} ${chosen.join(' ')} ${number}`);
      const draw = drawPerson(samples, choose);
      if (draw === null) continue;
      const judges = compile(samples, draw);
      countGenuine(counts, judges, group.payloads[other as number] as JsonObject);
      countRun(
        counts,
        judges,
        Array.from({ length: RUN }, () => rest[choose(rest.length)] as JsonObject),
      );
      const seen = group.payloads.flatMap((one) => valueAt(one, draw.required) ?? []);
      for (const payload of samples) countChanged(counts, judges, draw, payload, seen);
    }
  }
  return counts;
}

type Fate = 'paused' | 'held' | 'ignored' | 'delivered';
type Judge = (payload: JsonObject) => Fate;

interface Judges {
  /** The recipient must be there. */
  readonly plain: Judge;
  /** It may be nobody: whenMissing: ignore. */
  readonly nobody: Judge;
  /** As `nobody`, and texts may look like anything. */
  readonly formless: Judge;
  /** As `nobody`, and nothing else is mapped. */
  readonly alone: Judge;
}

function compile(samples: readonly JsonObject[], draw: Draw): Judges {
  const [recipient, ...variables] = readsOf(draw) as [PathRead, ...PathRead[]];
  const plain: PathRead = { ...recipient, recipient: true };
  const nobody: PathRead = { ...plain, required: false, whenMissing: 'ignore' };
  const judge = (plan: ShapePlan): Judge => judgeBy(materialiseShape(plan), draw.required);
  const spared = prepare(samples, [nobody, ...variables]);
  return {
    plain: judge(prepare(samples, [plain, ...variables])),
    nobody: judge(spared),
    formless: judge({ ...spared, shape: withoutForms(spared.shape) }),
    alone: judge(prepare(samples, [nobody])),
  };
}

function judgeBy(check: ShapeChecker, recipient: Place): Judge {
  return (payload) => {
    const grade = check(payload)?.grade;
    if (grade === 'pause') return 'paused';
    if (grade === 'hold') return 'held';
    const value = valueAt(payload, recipient) ?? null;
    return value === null || isBlank(value) ? 'ignored' : 'delivered';
  };
}

function prepare(samples: readonly JsonObject[], reads: readonly PathRead[]): ShapePlan {
  const payloads = samples.map((payload, index) => ({ name: `sample ${index}`, payload }));
  const settings = {
    policy: 'mapped',
    pauseAfter: DEFAULT_PAUSE_AFTER,
    required: [],
    optional: [],
    maps: [],
  } as const;
  const plan = prepareShape({ payloads, settings, reads }, '/shape', ({ message }) => {
    throw new Error(`the draw is not a valid mapping: ${message}`);
  });
  if (plan === null) throw new Error('no samples');
  return plan;
}

function countGenuine(
  counts: EventCounts,
  { plain, nobody, formless, alone }: Judges,
  other: JsonObject,
): void {
  const fate = plain(other);
  add(counts.paused, fate === 'paused');
  add(counts.held, fate === 'held');
  const spared = nobody(other);
  add(counts.stopped, isStopped(spared));
  add(counts.ignored, spared === 'ignored');
  add(counts.stoppedForRecipient, isStopped(alone(other)));
  add(counts.falseForms, isStopped(spared) && !isStopped(formless(other)));
}

/** A pause lasts: nobody is there to end it. */
function countRun(counts: EventCounts, { nobody }: Judges, payloads: readonly JsonObject[]): void {
  let row = 0;
  const different = new Set<JsonObject>();
  let isPaused = false;
  let isPausedByDifferent = false;
  for (const payload of payloads) {
    const fate = nobody(payload);
    add(counts.keptBack, isPaused && !isStopped(fate));
    if (!isStopped(fate)) {
      row = 0;
      different.clear();
    }
    if (fate === 'held') {
      row++;
      different.add(payload);
    }
    isPaused ||= fate === 'paused' || row >= DEFAULT_PAUSE_AFTER;
    isPausedByDifferent ||= fate === 'paused' || different.size >= DEFAULT_PAUSE_AFTER;
  }
  add(counts.pausedRuns, isPaused);
  add(counts.pausedByDifferent, isPausedByDifferent);
}

function countChanged(
  counts: EventCounts,
  { plain }: Judges,
  draw: Draw,
  payload: JsonObject,
  seen: readonly JsonValue[],
): void {
  if (plain(payload) !== 'delivered') return;
  for (const mutation of MUTATIONS satisfies readonly Mutation[]) {
    const changed = mutate(payload, draw.required, mutation, seen);
    if (changed !== null) add(counts.structural, plain(changed) === 'delivered');
  }
  const value = valueAt(payload, draw.required) as JsonValue;
  for (const change of CHANGES) {
    const changed = changeMeaning(value, change);
    if (changed === undefined) continue;
    const isDelivered = plain(replaceAt(payload, draw.required, changed)) === 'delivered';
    add(counts.byChange[change], isDelivered);
    if (AIMED.includes(change)) add(counts.meaning, isDelivered);
  }
  for (const missed of MISSED)
    for (const place of [draw.required, ...draw.mapped]) {
      const changed = changeUnseen(valueAt(payload, place) ?? null, missed);
      if (changed !== undefined)
        add(counts.missed[missed], plain(replaceAt(payload, place, changed)) === 'delivered');
    }
}

function isStopped(fate: Fate): boolean {
  return fate === 'paused' || fate === 'held';
}

function add(share: Share, isHit: boolean): void {
  share.trials++;
  if (isHit) share.hits++;
}

function noCounts(source: string): EventCounts {
  const none = (): Share => ({ trials: 0, hits: 0 });
  const by = <Name extends string>(names: readonly Name[]): Record<Name, Share> =>
    Object.fromEntries(names.map((name) => [name, none()])) as Record<Name, Share>;
  return {
    source,
    paused: none(),
    held: none(),
    stopped: none(),
    ignored: none(),
    stoppedForRecipient: none(),
    falseForms: none(),
    pausedRuns: none(),
    pausedByDifferent: none(),
    keptBack: none(),
    structural: none(),
    meaning: none(),
    byChange: by(CHANGES),
    missed: by(MISSED),
  };
}
