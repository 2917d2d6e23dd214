/**
 * The part of a shape that the mapping reads, as a shape of its own: what fits it has everything that these reads want,
 * with the right types, whatever else has changed. Also says which reads the whole shape already answers for.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import type { Shape } from '../plans.ts';
import { isAnything } from './json-type.ts';
import { segmentsOf } from './path-steps.ts';
import type { ReadPlan } from './read.ts';
import { memberShape, takesNull } from './shape-steps.ts';

export interface MappedSlice {
  readonly shape: Shape;
  /** Reads that the slice says nothing about. */
  readonly others: readonly ReadPlan[];
}

/** What reads want of one place, while the slice is put together. */
interface Wanted {
  readonly shape: Shape;
  /** Some read needs it to be there; for all others it may be missing or null, and only its type counts. */
  must: boolean;
  /** Mapped as it is, with everything inside. */
  whole: boolean;
  readonly members: Map<string, Wanted>;
  items: Wanted | undefined;
}

/** Cuts out what reads with one path of names and list wildcards need; all others are left over. */
export function sliceShape(shape: Shape, reads: readonly ReadPlan[]): MappedSlice {
  const root = want(shape);
  root.must = true;
  const others = reads.filter((read) => !addRead(root, read));
  return { shape: toShape(root), others };
}

/**
 * True when a payload that fits the shape cannot be wrong for this read, so that nothing is left to judge: because it may
 * be missing, or because one of its paths leads only through what is always there.
 */
export function isAnsweredByShape(shape: Shape, read: ReadPlan): boolean {
  // A blank text has the type of a recipient, but is none: forms tell.
  if (read.recipient === true && !read.paths.every((path) => isFormed(path, shape))) return false;
  if (read.whenMissing === 'ignore') return true;
  // Which elements are chosen depends on their values.
  if (read.chosen !== undefined) return false;
  if (read.optional || (!read.required && !read.inEverySample)) return true;
  return read.paths.some((path) => wayOf(path, shape)?.every(({ isCertain }) => isCertain));
}

/** True where the shape says what texts look like, or has none. */
function isFormed(path: string, root: Shape): boolean {
  const end = wayOf(path, root)?.at(-1)?.shape;
  if (end === undefined) return false;
  return !end.types.includes('array') && (end.forms !== undefined || !end.types.includes('string'));
}

interface Stop {
  readonly shape: Shape;
  /** How the way went on: into a member, or into the elements. */
  readonly step: string | null;
  readonly isCertain: boolean;
}

/** The way of a path through the shape, or undefined when it is not made of names and list wildcards that lead on. */
function wayOf(path: string, root: Shape): readonly Stop[] | undefined {
  const segments = segmentsOf(path);
  const stops: Stop[] = [];
  let shape: Shape | undefined = root;
  for (const segment of segments) {
    const stop: Stop | undefined = shape && stopAt(shape, segment);
    if (stop === undefined) return undefined;
    stops.push(stop);
    shape = stop.step === null ? stop.shape.items : memberShape(stop.shape, stop.step);
  }
  if (shape === undefined) return undefined;
  return [...stops, { shape, step: null, isCertain: !takesNull(shape) }];
}

function stopAt(shape: Shape, segment: Segment): Stop | undefined {
  const isOnly = (type: Shape['types'][number]) =>
    shape.types.length === 1 && shape.types[0] === type && !shape.nullable;
  if (segment.kind === 'name' && shape.types.includes('object') && !shape.types.includes('array')) {
    const isCertain = isOnly('object') && !(shape.optional ?? []).includes(segment.name);
    return { shape, step: segment.name, isCertain };
  }
  // A list without known elements has no shape to go on with; an object could be meant by the wildcard as well.
  if (segment.kind !== 'wildcard' || shape.items === undefined || shape.types.includes('object'))
    return undefined;
  return { shape, step: null, isCertain: isOnly('array') };
}

function addRead(root: Wanted, read: ReadPlan): boolean {
  if (read.recipient === true) return false;
  const [path, ...alternatives] = read.paths;
  const isOne = path !== undefined && alternatives.length === 0 && read.chosen === undefined;
  const way = isOne ? wayOf(path, root.shape) : undefined;
  if (way === undefined) return false;
  const must = !read.optional && (read.required || read.inEverySample);
  const isAlwaysKnown = way.every(({ shape }) => !isAnything(shape));
  // A wildcard that has lost some of its values matters even where it does not always find any.
  const isLenient = read.optional || way.slice(0, -1).every(({ step }) => step !== null);
  if (must ? !isAlwaysKnown : !isLenient) return false;
  let wanted = root;
  for (const [index, { step }] of way.slice(0, -1).entries()) {
    wanted = enter(wanted, step, (way[index + 1] as Stop).shape);
    wanted.must ||= must;
  }
  wanted.whole ||= read.shallow !== true;
  return true;
}

function enter(wanted: Wanted, step: string | null, shape: Shape): Wanted {
  const known = step === null ? wanted.items : wanted.members.get(step);
  const next = known ?? want(shape);
  if (step === null) wanted.items = next;
  else wanted.members.set(step, next);
  return next;
}

function want(shape: Shape): Wanted {
  return { shape, must: false, whole: false, members: new Map(), items: undefined };
}

function toShape({ shape, must, whole, members, items }: Wanted): Shape {
  const inside = whole ? loosenInside(shape) : {};
  const wanted = Object.fromEntries([...members].map(([name, member]) => [name, toShape(member)]));
  const mayMiss = [...members].flatMap(([name, member]) => (member.must ? [] : [name]));
  const known = (inside.optional ?? []).filter((name) => !members.has(name));
  const optional = [...known, ...mayMiss].sort();
  return {
    types: typesOf(shape, members, items),
    ...(must || isAnything(shape) ? {} : { nullable: true }),
    ...inside,
    ...(members.size === 0 ? {} : { members: { ...inside.members, ...wanted }, optional }),
    ...(items && { items: toShape(items) }),
    ...(whole && shape.forms && { forms: shape.forms }),
  };
}

/** Where a read goes on into members or elements, nothing else will do. */
function typesOf({ types }: Shape, members: Wanted['members'], items: Wanted | undefined): Shape['types'] {
  if (members.size > 0) return ['object'];
  return items === undefined ? types : ['array'];
}

/** Inside what is mapped as a whole only types count: anything may be missing or null. */
function loosenInside({
  members,
  values,
  items,
}: Shape): Pick<Shape, 'members' | 'optional' | 'values' | 'items'> {
  return {
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, loosen(member)])),
      optional: Object.keys(members),
    }),
    ...(values && { values: loosen(values) }),
    ...(items && { items: loosen(items) }),
  };
}

function loosen(shape: Shape): Shape {
  return { types: shape.types, ...(isAnything(shape) ? {} : { nullable: true }), ...loosenInside(shape) };
}
