// What a message says to write is accepted when it is written: the wrong lines, the advice as it stands in the message, and
// the lines that follow it.
import { expect, test } from 'vitest';
import { makeFolder } from './folder.ts';

const FILES = {
  'one/samples/a.json': JSON.stringify({
    id: 'e1',
    kind: 'bounce',
    user: 'u1',
    owner: 'o1',
    team: 't1',
    to: 'a@example.com, b@example.com',
    name: 'Ada',
    nick: 'A',
    labels: [{ name: 'bug' }, { name: 'ui' }],
    watchers: [{ id: 'w1' }, { id: 'w2' }],
    emails: [{ value: 'x@example.com', name: 'x' }],
    'Order #': 7,
    payload: '{"user":{"id":"u9"}}',
    history: [{ status: 'new' }, { status: 'done' }],
    at: 1_893_456_000,
    amount: 4990,
  }),
  'one/samples/b.json': JSON.stringify({
    id: 'e2',
    kind: 'bounce',
    user: 'u2',
    owner: 'o2',
    team: 't2',
    to: 'c@example.com',
    name: 'Bob',
    nick: 'B',
    labels: [{ name: 'docs' }],
    watchers: [{ id: 'w3' }],
    emails: [{ value: 'y@example.com', name: 'x' }],
    'Order #': 8,
    payload: '{"user":{"id":"u8"}}',
    history: [{ status: 'new' }],
    at: 1_893_456_100,
    amount: 100,
  }),
};
const BATCH = {
  'one/samples/a.json': JSON.stringify([
    { id: 'e1', event: 'open', user: 'u1', test: false },
    { id: 'e2', event: 'bounce', user: 'u2', test: true },
  ]),
  'one/samples/b.json': JSON.stringify([{ id: 'e3', event: 'bounce', user: 'u3', test: false }]),
};

async function check(lines: string, files: Readonly<Record<string, string>>) {
  const file = `apiVersion: sluice/v1
id: one
actionFlow: F1
samples: [samples/a.json, samples/b.json]
${lines}
idempotency: { path: $.id }
`;
  const { diagnostics } = await makeFolder({ ...files, 'one/connector.yaml': file }).compile();
  return diagnostics;
}

interface Row {
  readonly wrong: string;
  /** Stands in the message, and in `right` or with a name of the payload put in. */
  readonly advice: string;
  readonly right: string;
  readonly files?: Readonly<Record<string, string>>;
}

const user = 'mapping:\n  targetUserIds: $.user\n';
const variable = (value: string): string => `${user}  variables: { it: ${value} }`;

const rows: Readonly<Record<string, Row>> = {
  'braces of another language': {
    wrong: variable('"Hello {{name}}"'),
    advice: '{ template: "Hello {{ $.name }}" }',
    right: variable('{ template: "Hello {{ $.name }}" }'),
  },
  'a template without quotes': {
    wrong: `${user}  variables:\n    it: {{ $.name }}`,
    advice: '{ template: "{{ $.name }}" }',
    right: variable('{ template: "{{ $.name }}" }'),
  },
  'a path as a default': {
    wrong: 'mapping:\n  targetUserIds: { path: $.owner, default: $.team }',
    advice: 'path: ["$.owner","$.team"]',
    right: 'mapping:\n  targetUserIds: { path: ["$.owner","$.team"] }',
  },
  'a template as a default': {
    wrong: variable('{ path: $.name, default: "{{ $.nick }}" }'),
    advice: '{ template: "{{ $.name ?? $.nick }}" }',
    right: variable('{ template: "{{ $.name ?? $.nick }}" }'),
  },
  'a list in flow style': {
    wrong: variable('$.watchers[0].id'),
    advice: '"$.watchers[0].id"',
    right: variable('"$.watchers[0].id"'),
  },
  'a list where one value goes': {
    wrong: variable('"$.labels[*].name"'),
    advice: 'join: ", "',
    right: variable('{ path: "$.labels[*].name", join: ", " }'),
  },
  'JSON in a text': {
    wrong: 'mapping:\n  targetUserIds: $.payload.user.id',
    advice: 'unwrap: ["$.payload"]',
    right: 'unwrap: ["$.payload"]\nmapping:\n  targetUserIds: $.payload.user.id',
  },
  'digits that YAML changes': {
    wrong: 'mapping:\n  targetUserIds: [007]',
    advice: '"007"',
    right: 'mapping:\n  targetUserIds: ["007"]',
  },
  'a name with a number sign': {
    wrong: `${user}  variables:\n    it: $['Order #']`,
    advice: `"$['Order #']"`,
    right: variable(`"$['Order #']"`),
  },
  'an operator': {
    wrong: variable('"$.name || $.nick"'),
    advice: 'path: [$.first, $.second]',
    right: variable('{ path: [$.name, $.nick] }'),
  },
  'a name without a point': {
    wrong: variable('$name'),
    advice: '"$.name"',
    right: variable('"$.name"'),
  },
  'a filter': {
    wrong: variable(`"$.emails[?(@.name=='x')].value"`),
    advice: '{ path: "$.emails[*]", where: { path: $.name, equals: x }, get: $.value, pick: first }',
    right: variable('{ path: "$.emails[*]", where: { path: $.name, equals: x }, get: $.value, pick: first }'),
  },
  'a value that names a path': {
    wrong: `${user}  notificationDetail: { data: { title: { value: $.name } } }`,
    advice: 'write "$.name" alone',
    right: `${user}  notificationDetail: { data: { title: "$.name" } }`,
  },
  'several recipients in a text': {
    wrong: 'mapping:\n  targetUserIds: $.to',
    advice: '{ path: "$.to", separator: "," }',
    right: 'mapping:\n  targetUserIds: { path: "$.to", separator: "," }',
  },
  'a condition that reads through the list of split': {
    wrong: `split: "$[*]"\nwhen: [{ path: "$[0].event", equals: bounce }]\n${user}`,
    advice: 'split: { list: "$[*]", when: [{ path: $.event, ... }] }',
    right: `split: { list: "$[*]", when: [{ path: $.event, equals: bounce }] }\n${user}`,
    files: BATCH,
  },
  'a test that reads through the list of split': {
    wrong: `split: "$[*]"\ntestWhen: { path: "$[*].test", equals: true }\n${user}`,
    advice: 'split: { list: "$[*]", testWhen: { path: $.test, ... } }',
    right: `split: { list: "$[*]", testWhen: { path: $.test, equals: true } }\n${user}`,
    files: BATCH,
  },
  'a time in seconds': {
    wrong: `${user}  cardOptions: { expires: $.at }`,
    advice: '{ path: "$.at", as: date-time }',
    right: `${user}  cardOptions: { expires: { path: $.at, as: date-time } }`,
  },
};

test.each(Object.entries(rows))('%s', async (_, { wrong, advice, right, files = FILES }) => {
  const before = await check(wrong, files);
  expect(before.map(({ message }) => message).join('\n')).toContain(advice);
  const codes = new Set(before.map(({ code }) => code));
  const after = await check(right, files);
  expect(
    after.filter(
      ({ severity, code }) => severity === 'error' || (codes.has(code) && code !== 'idempotency-constant'),
    ),
  ).toEqual([]);
});
