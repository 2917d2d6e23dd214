import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath } from '../../../src/stages/json/json-path.ts';
import { formatName } from '../../../src/stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';
import type { PathRead, ShapePolicy } from '../../../src/stages/plans.ts';
import { materialiseShape, type ShapeChecker } from '../../../src/stages/shape/check.ts';
import { compareShape } from '../../../src/stages/shape/compare.ts';
import { MAX_DIFFERENCES } from '../../../src/stages/shape/difference.ts';
import { listDifferences } from '../../../src/stages/shape/differences.ts';
import { learnShape } from '../../../src/stages/shape/learn.ts';
import { prepareShape } from '../../../src/stages/shape/prepare.ts';
import { listProperties } from '../../../src/stages/shape/properties.ts';
import { json, jsonObject, key } from './json-arbitrary.ts';

const policies: readonly ShapePolicy[] = ['mapped', 'superset', 'exact'];
const anyPolicy = fc.constantFrom(...policies);

function checkerOf(
  samples: readonly JsonValue[],
  reads: readonly Partial<PathRead>[],
  policy: ShapePolicy = 'mapped',
): ShapeChecker {
  const plan = prepareShape(
    {
      payloads: samples.map((payload) => ({ name: 'sample', payload })),
      settings: { policy, pauseAfter: 3, required: [], optional: [], maps: [] },
      reads: reads.map((read) => ({ paths: ['$'], required: false, optional: false, ...read })),
    },
    '/shape',
    (problem) => {
      throw new Error(problem.message);
    },
  );
  if (plan === null) throw new Error('no plan');
  return materialiseShape(plan);
}

describe('samples fit', () => {
  test('each of them, whatever is read, under every policy', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), anyPolicy, (samples, policy) => {
        const paths = listProperties(samples).map(({ path }) => ({ paths: [path] }));
        const check = checkerOf(samples, paths, policy);
        for (const sample of samples) expect(check(sample)).toBeNull();
      }),
    );
  });
});

describe('verdicts', () => {
  test('are the same for the first payload and for the hundredth, when code has been generated', () => {
    fc.assert(
      fc.property(json, json, anyPolicy, (sample, payload, policy) => {
        const paths = listProperties([sample]).map(({ path }) => ({ paths: [path] }));
        const check = checkerOf([sample], paths, policy);
        const first = check(payload)?.grade;
        for (let count = 0; count < 100; count += 1) check(sample);
        expect(check(payload)?.grade).toBe(first);
        expect(check(sample)).toBeNull();
      }),
    );
  });

  test('are never without a difference, never too long, and never hold what arrived', () => {
    fc.assert(
      fc.property(jsonObject, json, anyPolicy, (sample, payload, policy) => {
        const paths = listProperties([sample]).map(({ path }) => ({ paths: [path] }));
        const verdict = checkerOf([sample], paths, policy)(secretly(payload));
        if (verdict === null) return;
        const differences = verdict.differences();
        expect(differences.length).toBeGreaterThan(0);
        expect(differences.length).toBeLessThanOrEqual(MAX_DIFFERENCES);
        expect(JSON.stringify(differences)).not.toContain('SECRET');
        for (const { path } of differences.filter(({ path }) => !path.includes('[?]'))) {
          expect(parsePath(path).ok || /__proto__|constructor/.test(path)).toBe(true);
        }
      }),
    );
  });

  test('a path is as short as a log line wants it', () => {
    const long = 'x'.repeat(400);
    const check = checkerOf([{ [long]: { [long]: 1 } }], []);
    const [difference] = check({ [long]: { [long]: 'y' } })?.differences() ?? [];
    expect(difference?.path).toHaveLength(503);
  });
});

/** Texts, and keys that no sample has, are recognisable in whatever is reported. */
function secretly(value: JsonValue): JsonValue {
  if (typeof value === 'string') return `SECRET${value}`;
  if (Array.isArray(value)) return value.map(secretly);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, secretly(member)] as const);
  return Object.fromEntries([...entries, ['SECRET', 1]]);
}

interface Place {
  readonly path: string;
  readonly keys: readonly string[];
}

/** Values other than null, and the way to them through objects. */
function placesIn(value: JsonValue, place: Place = { path: '$', keys: [] }): Place[] {
  if (!isJsonObject(value)) return value === null || Array.isArray(value) ? [] : [place];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = `${place.path}${formatName(name)}`;
    return parsePath(path).ok ? placesIn(member, { path, keys: [...place.keys, name] }) : [];
  });
}

/** What happens to a member: its new name and value, or undefined where it is gone. */
type Mutation = (name: string, value: JsonValue) => readonly [string, JsonValue] | undefined;

const removals: Record<string, Mutation> = {
  drop: () => undefined,
  rename: (name, value) => [`${name}_renamed`, value],
  null: (name) => [name, null],
};
const retypings: Record<string, Mutation> = {
  retype: (name, value) => [name, typeof value === 'string' ? 7 : 'seven'],
  'wrap in a list': (name, value) => [name, [value]],
  'wrap in an object': (name, value) => [name, { wrapped: value }],
};

function mutate(object: JsonObject, [name, ...below]: readonly string[], mutation: Mutation): JsonObject {
  const entries = Object.entries(object).flatMap(([own, value]) => {
    if (own !== name) return [[own, value] as const];
    const next =
      below.length === 0 ? mutation(own, value) : [own, mutate(value as JsonObject, below, mutation)];
    return next === undefined ? [] : [next as readonly [string, JsonValue]];
  });
  return Object.fromEntries(entries);
}

/** A sample, one of its scalars, and how far up the way the mutation happens (0: at the scalar). */
const scene = fc
  .record({ sample: jsonObject, pick: fc.nat(), up: fc.nat(), noise: fc.option(fc.tuple(key, json)) })
  .map(({ sample, pick, up, noise }) => {
    const places = placesIn(sample);
    const place = places[pick % Math.max(1, places.length)];
    return { sample, place, up: up % Math.max(1, place?.keys.length ?? 1), noise };
  });

describe('what the mapping reads cannot change unnoticed', () => {
  const mutations = { ...removals, ...retypings };
  const anyMutation = fc.constantFrom(...Object.keys(mutations));

  test('required: a pause for another type, a hold for what is gone', () => {
    fc.assert(
      fc.property(scene, anyMutation, anyPolicy, ({ sample, place, up, noise }, name, policy) => {
        if (place === undefined) return;
        const check = checkerOf([sample], [{ paths: [place.path], required: true }], policy);
        const broken = mutate(
          sample,
          place.keys.slice(0, place.keys.length - up),
          mutations[name] as Mutation,
        );
        const payload =
          noise === null || Object.hasOwn(sample, noise[0]) ? broken : { ...broken, [noise[0]]: noise[1] };
        // An object inside an object is still an object: what was in it is missing.
        const isGone = name in removals || (name === 'wrap in an object' && up > 0);
        const isExact = policy === 'exact';
        expect(check(payload)?.grade).toBe(isGone && !isExact ? 'hold' : 'pause');
      }),
      { numRuns: 1000 },
    );
  });

  test('mapped: a pause for another type, at least a hold for what is gone', () => {
    fc.assert(
      fc.property(scene, anyMutation, ({ sample, place, up }, name) => {
        if (place === undefined) return;
        const check = checkerOf([sample], [{ paths: [place.path] }]);
        const payload = mutate(
          sample,
          place.keys.slice(0, place.keys.length - up),
          mutations[name] as Mutation,
        );
        // An object inside an object is still an object: what was in it is missing.
        const isStillObject = name === 'wrap in an object' && up > 0;
        expect(check(payload)?.grade).toBe(name in removals || isStillObject ? 'hold' : 'pause');
      }),
      { numRuns: 1000 },
    );
  });

  test('with a default: a pause for another type, drift for what is gone', () => {
    fc.assert(
      fc.property(scene, anyMutation, ({ sample, place }, name) => {
        if (place === undefined) return;
        const check = checkerOf([sample], [{ paths: [place.path], optional: true }]);
        const payload = mutate(sample, place.keys, mutations[name] as Mutation);
        expect(check(payload)?.grade).toBe(name in removals ? 'drift' : 'pause');
      }),
    );
  });

  test('not read: drift', () => {
    fc.assert(
      fc.property(scene, anyMutation, ({ sample, place }, name) => {
        if (place === undefined || place.keys.length === 0) return;
        const check = checkerOf([{ ...sample, kept: 'x' }], [{ paths: ['$.kept'], required: true }]);
        const payload = mutate({ ...sample, kept: 'y' }, place.keys, mutations[name] as Mutation);
        expect(check(payload)?.grade).toBe(place.keys[0] === 'kept' ? 'pause' : 'drift');
      }),
    );
  });
});

describe('the two ways to grade agree', () => {
  test('generated code for the mapped slice, and one read after the other', () => {
    fc.assert(
      fc.property(
        fc.array(jsonObject, { minLength: 1, maxLength: 2 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        json,
        (samples, picks, payload) => {
          const properties = listProperties(samples);
          if (properties.length === 0) return;
          const reads = picks.map((pick) => ({
            paths: [(properties[pick % properties.length] as { path: string }).path],
            required: pick % 3 === 1,
            optional: pick % 3 === 2,
          }));
          for (const changed of [payload, { ...samples[0], ...(isJsonObject(payload) ? payload : {}) }]) {
            const together = checkerOf(samples, reads)(changed);
            // Alternatives are judged one by one: a second one that never resolves changes nothing.
            const apart = checkerOf(
              samples,
              reads.map((read) => ({ ...read, paths: [...read.paths, '$.never.there'] })),
            )(changed);
            expect(together?.grade).toBe(apart?.grade);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the example connectors', () => {
  const root = new URL('../../../connectors/', import.meta.url);
  test.each(readdirSync(root))('%s: its samples fit together', (name) => {
    const folder = new URL(`${name}/samples/`, root);
    const samples = readdirSync(folder).map((file) => {
      const sample = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      return Object.hasOwn(sample, 'body') ? sample.body : sample;
    });
    const reads = listProperties(samples).map(({ path }) => ({ paths: [path] }));
    const check = checkerOf(samples, reads);
    for (const sample of samples) expect(check(sample)).toBeNull();
    expect(
      listProperties(samples)
        .map(({ path }) => path)
        .filter((path) => /\d{4}/.test(path)),
    ).toEqual([]);
  });
});

test.each([
  ['members that no sample has', Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1]))],
  ['elements of another type', { list: Array.from({ length: 50_000 }, () => 'x') }],
] as const)('comparing %s stops at what is told of them', (_, payload) => {
  const shape = learnShape([{ list: [1] }], []);
  let visited = 0;
  const count = (): boolean => {
    visited += 1;
    return visited > 10_000;
  };
  compareShape(shape, payload as JsonValue, count, { known: true });
  const known = visited;
  compareShape(shape, payload as JsonValue, count);
  expect([known, visited]).toEqual('list' in payload ? [10_001, 10_002] : [1, 3]);
  expect(listDifferences([], shape, payload as JsonValue).length).toBeLessThanOrEqual(MAX_DIFFERENCES);
});
