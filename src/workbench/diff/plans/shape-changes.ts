/**
 * The merged shapes of two plans, place by place: which payloads pass that did not, and the reverse. A place weighs by
 * whether the mapping reads it there, or on the way to it: elsewhere a difference only drifts, unless the policy is strict.
 */
import { parseSegments } from '../../../stages/json/json-path-grammar.ts';
import type { ShapePlan } from '../../../stages/plans.ts';
import { diffForms } from '../../../stages/shape/diff-forms.ts';
import { diffShapes, type ShapeChange } from '../../../stages/shape/diff-shapes.ts';
import { type Finding, type PlanPair, weigh } from './change.ts';

const NOTHING = 'nothing';
/** One finding lists so many places; the others are counted. */
const MAX_PLACES = 20;

export function compareShapes(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  const isMapped = matcherOf(after.reads.flatMap(({ paths }) => paths));
  const isStrict = after.policy !== 'mapped';
  const changes = bothWays(before, after);
  const newTypes = new Set(changes.filter((one) => addsType(one) && isMapped(one.path)));
  const less = new Set(changes.filter(takesLess));
  const more = changes.filter((one) => !less.has(one) && !newTypes.has(one));
  // A wrong type stops where the mapping reads it. What is missing or null is for the rule of what must be there.
  const stops = isStrict || [...less].some((one) => losesType(one) && isMapped(one.path));
  return [
    ...group([...newTypes], {
      kind: 'mapped-type-added',
      severity: weigh(pair, 'risky'),
      message: 'values of a type that no card has shown pass from the merge on',
    }),
    ...group([...less], {
      kind: 'shape-accepts-less',
      severity: stops ? weigh(pair, 'breaking') : 'safe',
      message: stops
        ? 'requests of a form that only the old samples have would be held, or pause the connector'
        : 'requests of a form that only the old samples have count as drift at most, unless something is missing that must be there',
    }),
    ...group(more, {
      kind: 'shape-accepts-more',
      severity: 'safe',
      message: 'requests pass, or pass without drift, that did not',
    }),
    ...compareForms(pair, before, after),
  ];
}

/** What mapped texts look like: a recipient of a form that no sample has is held. */
function compareForms(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  const changes = diffForms(before.shape, after.shape);
  const formsOf = (words: string): readonly string[] => words.split(' or ');
  const isLess = changes.some((one) =>
    formsOf(one.before).some((form) => !formsOf(one.after).includes(form)),
  );
  return group(changes, {
    kind: isLess ? 'shape-accepts-less' : 'shape-accepts-more',
    severity: isLess ? weigh(pair, 'risky') : 'safe',
    message: isLess
      ? 'mapped texts that look as they did in old samples alone drift, and are held where they are recipients'
      : 'mapped texts may look different from now on',
  });
}

/** What only the old shape has is a change too. */
function bothWays(before: ShapePlan, after: ShapePlan): readonly ShapeChange[] {
  const gone = diffShapes(after.shape, before.shape)
    .filter((one) => one.before === NOTHING)
    .map(({ path, after: was }) => ({ path, before: was, after: NOTHING }));
  return [...diffShapes(before.shape, after.shape), ...gone];
}

/** The types in the words of a shape, such as "string, number or null, may be missing". */
function typesOf(words: string): readonly string[] {
  return words
    .replace(', may be missing', '')
    .replace(' with any keys', '')
    .split(/, | or /);
}

/** To a mapping null is as good as missing. */
const NULLS: ReadonlySet<string> = new Set(['null', 'only null']);

/** True where a card can show values of a type that it never had. */
function addsType({ before, after }: ShapeChange): boolean {
  const was = typesOf(before);
  return before !== NOTHING && typesOf(after).some((type) => !NULLS.has(type) && !was.includes(type));
}

/** True where values had a type that the new shape does not know. */
function losesType({ before, after }: ShapeChange): boolean {
  if (before === NOTHING || after === NOTHING) return false;
  const is = typesOf(after);
  return !is.includes('a value') && typesOf(before).some((type) => !NULLS.has(type) && !is.includes(type));
}

/** True where something that the old shape takes is not taken by the new one. */
function takesLess({ before, after }: ShapeChange): boolean {
  if (before === NOTHING) return false;
  if (after === NOTHING) return true;
  const [was, is] = [typesOf(before), typesOf(after)];
  const takesAll = is.includes('a value') || was.every((type) => is.includes(type));
  const mustBe = before.includes(', may be missing') && !after.includes(', may be missing');
  const isMap = before.includes(' with any keys') && !after.includes(' with any keys');
  return !takesAll || mustBe || isMap;
}

function group(
  changes: readonly ShapeChange[],
  about: Pick<Finding, 'kind' | 'severity' | 'message'>,
): readonly Finding[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, MAX_PLACES);
  const more = changes.length - shown.length;
  const places = (side: 'before' | 'after'): readonly string[] => [
    ...shown.map((one) => `${one.path}: ${one[side]}`),
    ...(more > 0 ? [`and ${more} more places`] : []),
  ];
  const explains = ['/shape/shape', '/shape/fingerprint'];
  return [{ ...about, path: '/samples', before: places('before'), after: places('after'), explains }];
}

/** Tells whether a place is read, lies on the way to what is read, or inside it. */
function matcherOf(reads: readonly string[]): (place: string) => boolean {
  const known = [...new Set(reads)].map(stepsOf);
  return (place) => {
    const steps = stepsOf(place);
    // A path that can be anywhere, such as $..id: nothing is certainly apart from it.
    if (steps === null) return true;
    return known.some(
      (read) =>
        read === null || read.every((step, index) => index >= steps.length || isAlike(step, steps[index])),
    );
  };
}

/** `*` for any element or key; null: the path is not a plain way down. */
function stepsOf(path: string): readonly string[] | null {
  const segments = parseSegments(path.replaceAll('[?]', '[*]'));
  if ('code' in segments) return null;
  if (segments.some(({ kind }) => kind === 'descent')) return null;
  return segments.map((segment) => (segment.kind === 'name' ? `.${segment.name}` : '*'));
}

function isAlike(one: string, other: string | undefined): boolean {
  return one === other || one === '*' || other === '*';
}
