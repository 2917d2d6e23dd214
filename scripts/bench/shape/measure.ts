/**
 * In: groups of genuine payloads. Out: how often each policy stops a genuine one, and how often a changed one. Runs the
 * shape stage itself: what the compiler prepares, and the checker that the runtime asks.
 */
import type { JsonObject } from '../../../src/stages/json/json-value.ts';
import type { ShapePlan, ShapePolicy } from '../../../src/stages/plans.ts';
import { materialiseShape, type ShapeChecker } from '../../../src/stages/shape/check.ts';
import { prepareShape } from '../../../src/stages/shape/prepare.ts';
import type { Group } from './corpus.ts';
import { type Draw, drawMapping, listLeaves, type Place, type Recipient, readsOf, valueAt } from './draw.ts';
import { MUTATIONS, type Mutation, mutate } from './mutate.ts';
import { pick, seededChoice } from './random.ts';

export const POLICIES: readonly ShapePolicy[] = ['mapped', 'superset', 'exact'];

/** What a mutation hits. */
export const TARGETS = [
  'required',
  'mapped',
  'mapped, with a default',
  'above a required one',
  'above a mapped one',
  'not mapped',
] as const;
export type Target = (typeof TARGETS)[number];

export interface Counts {
  trials: number;
  /** Graded pause. */
  paused: number;
  /** Graded hold. */
  held: number;
  /** Graded drift: delivered, and counted. */
  drifted: number;
}

export interface Setup {
  readonly groups: readonly Group[];
  /** How many samples the shape is learned from. */
  readonly samples: number;
  /** Mappings drawn for each choice of samples. */
  readonly draws: number;
  readonly recipient: Recipient;
  /** Samples and judged payload are chosen so often in a group, or in all ways where there are fewer. */
  readonly choices: number;
}

interface Trial {
  readonly group: Group;
  readonly plan: ShapePlan;
  readonly draw: Draw;
  readonly samples: readonly JsonObject[];
  /** Genuine, and not among the samples. */
  readonly other: JsonObject;
  readonly seed: string;
}

/** Genuine payloads that are not among the samples, by policy. */
export function measureGenuine(setup: Setup): Readonly<Record<ShapePolicy, Counts>> {
  const counts = { mapped: noCounts(), superset: noCounts(), exact: noCounts() };
  for (const { plan, other } of trialsOf(setup)) {
    for (const policy of POLICIES) count(counts[policy], materialiseShape({ ...plan, policy }), other);
  }
  return counts;
}

/** Payloads that would pass, each with one place changed, by what is hit and how. */
export function measureChanged(
  setup: Setup,
  policy: ShapePolicy,
): Readonly<Record<Target, Readonly<Record<Mutation, Counts>>>> {
  const counts = byTarget(() => byMutation(noCounts));
  for (const trial of trialsOf(setup)) {
    const check = materialiseShape({ ...trial.plan, policy });
    for (const payload of [trial.samples[0] as JsonObject, trial.other]) {
      const grade = check(payload)?.grade ?? 'drift';
      if (grade !== 'drift') continue;
      for (const target of TARGETS) {
        const place = placeOf(target, trial, payload);
        if (place === null) continue;
        const seen = trial.group.payloads.flatMap((one) => valueAt(one, place) ?? []);
        for (const mutation of MUTATIONS) {
          const changed = mutate(payload, place, mutation, seen);
          if (changed !== null) count(counts[target][mutation], check, changed);
        }
      }
    }
  }
  return counts;
}

function* trialsOf({ groups, samples: size, draws, recipient, choices }: Setup): Generator<Trial> {
  for (const group of groups) {
    for (const [other, ...chosen] of chooseIndexes(group, size + 1, choices)) {
      const samples = chosen.map((index) => group.payloads[index] as JsonObject);
      for (let number = 0; number < draws; number++) {
        const seed = `${group.name} ${other} ${chosen.join(' ')} ${number}`;
        const draw = drawMapping(samples, recipient, seededChoice(seed));
        if (draw === null) continue;
        const plan = prepare(samples, draw);
        yield { group, plan, draw, samples, other: group.payloads[other as number] as JsonObject, seed };
      }
    }
  }
}

/** Different ordered choices of `size` payloads of the group. */
export function chooseIndexes({ name, payloads }: Group, size: number, choices: number): readonly number[][] {
  if (payloads.length < size) return [];
  const choose = seededChoice(`${name} ${size}`);
  const all = [...payloads.keys()];
  const found = new Map<string, number[]>();
  for (let attempt = 0; attempt < choices * 10 && found.size < choices; attempt++) {
    const [other, ...chosen] = pick(choose, all, size) as [number, ...number[]];
    // The order of samples has no meaning, apart from the first, which the mapping is drawn from.
    const [first, ...rest] = chosen as [number, ...number[]];
    const indexes = [other, first, ...rest.toSorted((left, right) => left - right)];
    found.set(indexes.join(' '), indexes);
  }
  return [...found.values()];
}

function prepare(samples: readonly JsonObject[], draw: Draw): ShapePlan {
  const payloads = samples.map((payload, index) => ({ name: `sample ${index}`, payload }));
  const settings = { policy: 'mapped', pauseAfter: 3, required: [], optional: [], maps: [] } as const;
  const plan = prepareShape({ payloads, settings, reads: readsOf(draw) }, '/shape', ({ message }) => {
    throw new Error(`the draw is not a valid mapping: ${message}`);
  });
  if (plan === null) throw new Error('no samples');
  return plan;
}

/** A place of the payload that the mutation can hit; null when there is none. */
function placeOf(target: Target, { draw, seed }: Trial, payload: JsonObject): Place | null {
  const choose = seededChoice(`${seed} ${target}`);
  const isThere = (place: Place): boolean => (valueAt(payload, place) ?? null) !== null;
  const required = ancestorsOf(draw.required).map(String);
  const reads = [draw.required, ...draw.mapped, ...draw.withDefault];
  const places: Readonly<Record<Target, () => readonly Place[]>> = {
    required: () => [draw.required],
    mapped: () => draw.mapped,
    'mapped, with a default': () => draw.withDefault,
    'above a required one': () => ancestorsOf(draw.required),
    'above a mapped one': () =>
      draw.mapped
        .filter(isThere)
        .flatMap(ancestorsOf)
        .filter((place) => !required.includes(String(place))),
    'not mapped': () =>
      listLeaves(payload).filter((leaf) => !reads.some((read) => String(read) === String(leaf))),
  };
  return pick(choose, places[target]().filter(isThere), 1)[0] ?? null;
}

function ancestorsOf(place: Place): readonly Place[] {
  return place.slice(1).map((_, index) => place.slice(0, index + 1));
}

function count(counts: Counts, check: ShapeChecker, payload: JsonObject): void {
  const grade = check(payload)?.grade;
  counts.trials++;
  if (grade === 'pause') counts.paused++;
  if (grade === 'hold') counts.held++;
  if (grade === 'drift') counts.drifted++;
}

function noCounts(): Counts {
  return { trials: 0, paused: 0, held: 0, drifted: 0 };
}

function byTarget<T>(make: () => T): Record<Target, T> {
  return Object.fromEntries(TARGETS.map((target) => [target, make()])) as Record<Target, T>;
}

function byMutation<T>(make: () => T): Record<Mutation, T> {
  return Object.fromEntries(MUTATIONS.map((mutation) => [mutation, make()])) as Record<Mutation, T>;
}
