import { expect, test } from 'vitest';
import caseSchema from '../../../schemas/case.schema.json' with { type: 'json' };
import connectorSchema from '../../../schemas/connector.schema.json' with { type: 'json' };
import { findSchemaProblems } from '../../../src/compiler/rules/schema.ts';
import { PATTERN_WORDS } from '../../../src/compiler/rules/schema-words.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';

function problemsOf(change: Record<string, JsonValue>, kind: 'connector' | 'case' = 'connector'): string[] {
  const base =
    kind === 'connector'
      ? { apiVersion: 'sluice/v1', id: 'a', actionFlow: 'F1', mapping: { targetUserIds: '$.id' } }
      : { note: 'n', request: {}, want: { outcome: 'held' } };
  return findSchemaProblems(kind, { ...base, ...change } as JsonValue)
    .filter(({ isExplained }) => !isExplained)
    .map(({ pointer, message }) => `${pointer}: ${message}`);
}

test.for([
  // Of an anyOf only the branch that was meant is spoken of.
  [
    { mapping: { script: 'map.py' } },
    [
      '/mapping/script: "map.py" is not allowed for "script"; use the name of a JavaScript or TypeScript file, such as "mapping.js"',
    ],
  ],
  [{ mapping: { script: 'map.js', extra: 1 } }, ['/mapping/extra: unknown key "extra"; known here: script']],
  [
    { mapping: { targetUserId: '$.id' } },
    ['/mapping/targetUserId: unknown key "targetUserId"; did you mean "targetUserIds"?'],
  ],
  [
    { mapping: [] },
    ['/mapping: a list is not allowed for "mapping"; write { targetUserIds: ... } or { script: ... }'],
  ],
  [
    { idempotency: 'bdy' },
    [
      '/idempotency: "bdy" is not allowed for "idempotency"; write { path: ... } or { header: ... } or a list of them or "body" or "none"',
    ],
  ],
  [
    { idempotency: { header: 'a b' } },
    [
      '/idempotency/header: "a b" is not allowed for "header"; use the name of an HTTP header, such as "x-github-event"',
    ],
  ],
  [
    { security: { signature: { sharedSecret: [{ env: '1' }] } } },
    [
      '/security/signature/sharedSecret/0/env: "1" is not allowed for "env"; use the name of an environment variable, such as "SLUICE_SECRET_STRIPE"',
    ],
  ],
  [
    { security: { signature: { signature: { header: ['a', 'b c'] } } } },
    [
      '/security/signature/signature/header/1: "b c" is not allowed for an entry of "header"; use the name of an HTTP header, such as "x-github-event"',
    ],
  ],
  // Several at once, each with its place.
  [
    { status: 'Live', when: [{}], methods: [] },
    [
      '/status: "Live" is not allowed for "status"; use "test", "live" or "disabled"; did you mean "live"?',
      '/methods: "methods" must have at least 1 entry',
      '/when/0: an entry of "when" needs one of "path", "header" or "any"',
      '/when/0: an entry of "when" needs one of "equals", "in", "prefix", "exists", "notEquals", "notIn", "above", "below", "contains" or "any"',
    ],
  ],
  [
    { security: { unauthenticated: 'no' } },
    ['/security/unauthenticated: "unauthenticated" must be at least 10 characters long'],
  ],
  [{ apiVersion: 'v2' }, ['/apiVersion: "v2" is not allowed for "apiVersion"; use "sluice/v1"']],
  [{ description: 5n }, ['/description: "description" must be a text, not 5']],
  // Integers past 2^53 are numbers too.
  [{ when: [{ path: '$.id', equals: 12345678901234567890n }] }, []],
] as const)('problems of change %#', ([change, expected]) => {
  const problems = problemsOf(change as unknown as Record<string, JsonValue>);
  expect(new Set(problems)).toEqual(new Set(expected));
});

test('case files: one case or a list', () => {
  expect(problemsOf({ now: 'noon', want: { outcome: 'held', status: 99 } }, 'case')).toEqual([
    '/now: "noon" is not a time such as "2025-01-31T08:00:00Z"',
    '/want/status: 99 is not allowed for "status"; use at least 100',
  ]);
  expect(findSchemaProblems('case', [])).toMatchObject([{ message: 'the file must have at least 1 entry' }]);
  expect(findSchemaProblems('case', 'text')).toMatchObject([{ pointer: '', code: 'value-invalid' }]);
});

test('a hostile number of problems is cut, not computed', () => {
  const when = Array.from({ length: 20_000 }, () => ({}));
  expect(problemsOf({ when }).length).toBeLessThan(600);
});

test('words exist only for patterns of the schemas', () => {
  const text = JSON.stringify([connectorSchema, caseSchema]);
  for (const pattern of Object.keys(PATTERN_WORDS)) expect(text).toContain(JSON.stringify(pattern));
});
