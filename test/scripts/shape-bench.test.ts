import { expect, test } from 'vitest';
import { loadGroups } from '../../scripts/bench/shape/corpus.ts';
import { measureChanged, measureGenuine } from '../../scripts/bench/shape/measure.ts';
import { measureMissing } from '../../scripts/bench/shape/missing.ts';
import { mutate } from '../../scripts/bench/shape/mutate.ts';
import { isNeverDelivered } from '../../scripts/bench/shape/run.ts';

const all = loadGroups();
const names = ['check_run.completed', 'issues.opened', 'pull_request.opened', 'push', 'release.published'];
const groups = all.filter(({ name }) => names.includes(name));
const setup = { groups, draws: 3, choices: 3, recipient: 'person' } as const;

test('the corpus has many events, each with different payloads', () => {
  expect(all.length).toBeGreaterThanOrEqual(100);
  for (const { payloads } of all)
    expect(new Set(payloads.map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
  expect(groups.map(({ name }) => name)).toEqual(names);
});

test.for([
  ['mapped', 1],
  ['mapped', 2],
  ['superset', 1],
  ['superset', 2],
  ['exact', 1],
] as const)('policy %s with %s samples delivers no dangerous change', ([policy, samples]) => {
  const counts = measureChanged({ ...setup, samples }, policy);
  for (const target of ['required', 'mapped', 'mapped, with a default'] as const) {
    for (const mutation of ['retype', 'wrap in a list', 'wrap in an object'] as const) {
      expect(counts[target][mutation].trials, `${mutation} ${target}`).toBeGreaterThan(0);
      expect(counts[target][mutation], `${mutation} ${target}`).toSatisfy(isNeverDelivered);
    }
  }
  for (const target of ['required', 'above a required one'] as const) {
    for (const mutation of ['rename', 'drop', 'null'] as const) {
      expect(counts[target][mutation].trials, `${mutation} ${target}`).toBeGreaterThan(0);
      expect(counts[target][mutation], `${mutation} ${target}`).toSatisfy(isNeverDelivered);
    }
  }
});

test('what the mapping does not read stops nothing under policy mapped, and under superset it does', () => {
  const stopped = (policy: 'mapped' | 'superset') => {
    const { paused, held } = measureChanged({ ...setup, samples: 1 }, policy)['not mapped'].drop;
    return paused + held;
  };
  expect(stopped('mapped')).toBe(0);
  expect(stopped('superset')).toBeGreaterThan(0);
});

test('the stricter the policy, the more genuine payloads it stops; the same numbers in every run', () => {
  const measured = measureGenuine({ ...setup, samples: 1 });
  const stopped = ({ paused, held }: typeof measured.mapped) => paused + held;
  expect(measured.mapped.trials).toBeGreaterThan(0);
  expect(stopped(measured.mapped)).toBeLessThan(stopped(measured.superset));
  expect(stopped(measured.superset)).toBeLessThan(stopped(measured.exact));
  expect(measureGenuine({ ...setup, samples: 1 })).toEqual(measured);
});

test('what the next payload lacks is counted by place, and by whether another object could have told', () => {
  const user = (changes: object) => ({ id: 1, login: 'a', type: 'User', name: 'x', ...changes });
  const payload = { at: 1, sender: user({}), owner: user({ name: null }), org: { id: 2 } };
  const { org: _, ...withoutOrg } = payload;
  const payloads = [payload, { ...withoutOrg, sender: user({ name: null }) }];
  // Top: at, twice. Inside: four of the sender, three of the owner, one of org; and without org and the name, six.
  expect(measureMissing([{ name: 'event', payloads }])).toEqual({
    atTheTop: { fields: 2, missing: 0 },
    inside: { fields: 14, missing: 2 },
    objectMissing: 1,
    isNull: 1,
    toldByAnother: 1,
  });
});

test('each mutation changes one place', () => {
  const payload = { a: { b: 1, c: 'x' } };
  const changed = (mutation: Parameters<typeof mutate>[2]) => mutate(payload, ['a', 'b'], mutation, [1, 'x']);
  expect(changed('rename')).toEqual({ a: { b_renamed: 1, c: 'x' } });
  expect(changed('drop')).toEqual({ a: { c: 'x' } });
  expect(changed('null')).toEqual({ a: { b: null, c: 'x' } });
  // A number and a text are both genuine there.
  expect(changed('retype')).toEqual({ a: { b: true, c: 'x' } });
  expect(changed('wrap in a list')).toEqual({ a: { b: [1], c: 'x' } });
  expect(changed('wrap in an object')).toEqual({ a: { b: { value: 1 }, c: 'x' } });
  expect(mutate(payload, ['a', 'missing'], 'drop', [])).toBeNull();
});
