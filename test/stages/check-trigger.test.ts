import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkTrigger } from '../../src/stages/check-trigger.ts';

const targetUserIds = ['76DHG129387'];

test.each<[object]>([
  [{ targetUserIds }],
  [
    {
      targetUserIds,
      cardOptions: {
        priority: 5,
        expires: '2030-01-04T00:10:00.584Z',
        embargo: '2030-01-04T00:10:07.584+02:00',
        targetStreamIds: ['PAxrYyaO'],
      },
      flowInvocationId: '6fad5d419180',
      variables: { variable_name: 'variable value', n: 1, b: true },
      notificationDetail: { nested: { any: [null] } },
      metadata: { nested: { any: [null] } },
    },
  ],
  [{ targetUserIds, cardOptions: { expiresInterval: 'PT1H' } }],
])('a trigger: %j', (trigger) => {
  expect(checkTrigger(trigger)).toEqual({ ok: true, trigger });
});

test.each<[unknown, string, string]>([
  [{}, '', 'targetUserIds is missing'],
  [null, '', 'the trigger has to be an object'],
  ['secret', '', 'the trigger has to be an object'],
  [{ targetUserIds: 'secret' }, '/targetUserIds', 'targetUserIds has to be a list'],
  [{ targetUserIds: [] }, '/targetUserIds', 'targetUserIds is empty'],
  [{ targetUserIds: ['a', ''] }, '/targetUserIds/1', 'targetUserIds[1] is empty'],
  [{ targetUserIds: [5] }, '/targetUserIds/0', 'targetUserIds[0] has to be a text'],
  [
    { targetUserIds: ['x'.repeat(257)] },
    '/targetUserIds/0',
    'targetUserIds[0] is longer than 256 characters',
  ],
  [{ targetUserIds: Array(10_001).fill('x') }, '/targetUserIds', 'targetUserIds has more than 10000 entries'],
  [{ targetUserIds, userId: 'secret' }, '', 'userId is not a field of a trigger'],
  [{ targetUserIds, 'anna@example.org': 1 }, '', '[?] is not a field of a trigger'],
  [
    { targetUserIds, cardOptions: { prio: 1 } },
    '/cardOptions',
    'cardOptions.prio is not a field of a trigger',
  ],
  [
    { targetUserIds, cardOptions: { priority: 0 } },
    '/cardOptions/priority',
    'cardOptions.priority has to be at least 1',
  ],
  [
    { targetUserIds, cardOptions: { priority: 11 } },
    '/cardOptions/priority',
    'cardOptions.priority has to be at most 10',
  ],
  [
    { targetUserIds, cardOptions: { priority: '5' } },
    '/cardOptions/priority',
    'cardOptions.priority has to be an integer',
  ],
  [
    { targetUserIds, cardOptions: { expires: 'secret' } },
    '/cardOptions/expires',
    'cardOptions.expires has to be an ISO 8601 time with its offset, such as 2030-01-04T00:10:00Z',
  ],
  [
    { targetUserIds, cardOptions: { expiresInterval: '1h' } },
    '/cardOptions/expiresInterval',
    'cardOptions.expiresInterval has to be an ISO 8601 duration, such as PT1H',
  ],
  [
    { targetUserIds, cardOptions: { expires: '2030-01-04T00:10:00Z', expiresInterval: 'PT1H' } },
    '/cardOptions',
    'cardOptions has both expires and expiresInterval; keep one of them',
  ],
  [
    { targetUserIds, cardOptions: { targetStreamIds: [null] } },
    '/cardOptions/targetStreamIds/0',
    'cardOptions.targetStreamIds[0] has to be a text',
  ],
  [
    { targetUserIds, variables: { a: null } },
    '/variables/a',
    'variables.a has to be a text, a number, true or false',
  ],
  [
    { targetUserIds, variables: { 'a b': [] } },
    '/variables/a b',
    'variables.[?] has to be a text, a number, true or false',
  ],
  [{ targetUserIds, metadata: [] }, '/metadata', 'metadata has to be an object'],
])('not a trigger: %j', (value, pointer, message) => {
  expect(checkTrigger(value)).toEqual({ ok: false, message, problems: [{ pointer, message }] });
});

test('several problems are counted, up to a limit', () => {
  expect(checkTrigger({ cardOptions: 1, variables: 1 })).toMatchObject({
    ok: false,
    message: 'targetUserIds is missing (and 2 more)',
    problems: [{ pointer: '' }, { pointer: '/cardOptions' }, { pointer: '/variables' }],
  });
  const checked = checkTrigger({ targetUserIds: Array(100).fill(1) });
  expect(!checked.ok && checked.problems.length).toBe(20);
});

test('any JSON is judged, and no message holds a value of it', () => {
  const leaf = fc.constantFrom<unknown>('Zq1', 'Zq2', 5, null, true, [], {}, ['Zq3'], { expires: 'Zq4' });
  const keys = fc.constantFrom(
    'targetUserIds',
    'cardOptions',
    'variables',
    'metadata',
    'flowInvocationId',
    'extra',
  );
  fc.assert(
    fc.property(fc.dictionary(keys, leaf), (value) => {
      expect(JSON.stringify({ ...checkTrigger(value), trigger: null })).not.toContain('Zq');
    }),
  );
});
