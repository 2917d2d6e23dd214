import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import type { PathRead } from '../../../src/stages/plans.ts';
import { materialiseShape } from '../../../src/stages/shape/check.ts';
import { prepareShape, type ShapeSettings } from '../../../src/stages/shape/prepare.ts';

interface GradeCase {
  readonly note: string;
  readonly policy?: ShapeSettings['policy'];
  readonly samples: readonly JsonValue[];
  readonly settings?: Partial<ShapeSettings>;
  readonly reads?: readonly (string | Partial<PathRead>)[];
  readonly requests: readonly {
    readonly note?: string;
    readonly payload: JsonValue;
    readonly grade: 'fits' | 'pause' | 'hold' | 'drift';
    /** `path: expected -> found`, all of them. */
    readonly differences?: readonly string[];
  }[];
}

const folder = new URL('cases/', import.meta.url);

for (const file of readdirSync(folder)) {
  describe(file, () => {
    const cases: readonly GradeCase[] = parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const one of cases) {
      describe(one.note, () => {
        const check = materialiseShape(planOf(one));
        test.each(one.samples.map((sample) => [JSON.stringify(sample), sample]))(
          'sample %s fits',
          (_, sample) => {
            expect(check(sample)).toBeNull();
          },
        );
        for (const { note, payload, grade, differences } of one.requests) {
          test(`${note ?? JSON.stringify(payload)}: ${grade}`, () => {
            const verdict = check(payload);
            const listed = verdict?.differences() ?? [];
            expect(verdict?.grade ?? 'fits', JSON.stringify(listed)).toBe(grade);
            expect(listed.length === 0).toBe(grade === 'fits');
            const texts = listed.map(({ path, expected, found }) => `${path}: ${expected} -> ${found}`);
            if (differences !== undefined) expect(texts).toEqual(differences);
          });
        }
      });
    }
  });
}

function planOf({ samples, policy = 'mapped', settings, reads = [] }: GradeCase) {
  const problems: unknown[] = [];
  const plan = prepareShape(
    {
      payloads: samples.map((payload, index) => ({ name: `sample ${index}`, payload })),
      settings: { policy, pauseAfter: 3, required: [], optional: [], maps: [], ...settings },
      reads: reads.map((read) => ({
        paths: [read as string],
        required: false,
        optional: false,
        ...(typeof read === 'string' ? {} : read),
      })),
    },
    '/shape',
    (problem) => problems.push(problem),
  );
  expect(problems).toEqual([]);
  if (plan === null) throw new Error('no plan');
  // As it comes out of a bundle.
  return JSON.parse(JSON.stringify(plan)) as typeof plan;
}
