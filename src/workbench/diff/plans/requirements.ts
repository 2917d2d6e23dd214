/** What must be there, and what happens where it is not: the reads of two plans, by what they do to a request without them. */
import { parsePath } from '../../../stages/json/json-path.ts';
import type { ShapePlan } from '../../../stages/plans.ts';
import { type Finding, type PlanPair, weigh } from './change.ts';

/** From lax to strict. unread: the connector does not look at it. */
const GRADES = ['unread', 'optional', 'expected', 'required'] as const;
type Grade = (typeof GRADES)[number];

const WORDS: Readonly<Record<Grade, string>> = {
  unread: 'it is not read, and may be missing',
  optional: 'it may be missing',
  expected: 'a request without it is held',
  required: 'a request without it is held, whatever the samples have',
};

export function diffRequirements(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  const [was, is] = [gradesOf(before), gradesOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [was.get(name) ?? 'unread', is.get(name) ?? 'unread'];
    // What is read, and may be missing, stops nothing: whether it is read at all shows in the mapping.
    if (from === to || (!stops(from) && !stops(to))) return [];
    const isTouched = mayRead(after, pair, name.split(' or '));
    const isRaised = GRADES.indexOf(to) > GRADES.indexOf(from);
    return [
      {
        kind: isRaised ? 'requirement-raised' : 'requirement-lowered',
        severity: to === 'unread' && !isTouched ? 'safe' : weigh(pair, 'risky'),
        path: '/shape',
        message: `${name}: ${to === 'unread' && isTouched ? TOUCHED : WORDS[to]}${from === 'unread' ? '' : `; until now ${WORDS[from]}`}`,
        before: WORDS[from],
        after: WORDS[to],
        explains: ['/shape/reads'],
      } as const,
    ];
  });
}

const TOUCHED =
  'a request without it is mapped like any other, and the mapping may read it, or what is in it';

/** Whether a path is read at, above or below. What a script reads was seen on the samples: it may read more elsewhere. */
function mayRead({ reads }: ShapePlan, { after }: PlanPair, paths: readonly string[]): boolean {
  if (after.mapping?.kind === 'script') return true;
  return reads.some((read) => read.paths.some((one) => paths.some((path) => areRelated(one, path))));
}

/** Whether one of them leads to the other, or may: a wildcard takes every step, a descent any way. */
function areRelated(one: string, other: string): boolean {
  if (one.includes('..') || other.includes('..')) return true;
  const [left, right] = [stepsOf(one), stepsOf(other)];
  return left.slice(0, right.length).every((step, index) => {
    const [first, second] = [step, right[index] as string];
    return first === second || isWild(first) || isWild(second);
  });
}

function stepsOf(path: string): readonly string[] {
  const parsed = parsePath(path);
  return parsed.ok
    ? parsed.segments.map((one) => (one.kind === 'name' ? `.${one.name}` : one.kind))
    : ['wildcard'];
}

/** Everything but a name: which elements an index or a slice means depends on the list. */
function isWild(step: string): boolean {
  return !step.startsWith('.');
}

function stops(grade: Grade): boolean {
  return grade === 'expected' || grade === 'required';
}

/** A value that the mapping uses twice counts as its strictest use. */
function gradesOf({ reads }: ShapePlan): ReadonlyMap<string, Grade> {
  const grades = new Map<string, Grade>();
  for (const { paths, required, optional, inEverySample, whenMissing } of reads) {
    const name = paths.join(' or ');
    const mayMiss = optional || whenMissing === 'ignore' || (!required && !inEverySample);
    const grade = mayMiss ? 'optional' : required ? 'required' : 'expected';
    const known = grades.get(name) ?? 'unread';
    if (GRADES.indexOf(grade) > GRADES.indexOf(known)) grades.set(name, grade);
  }
  return grades;
}
