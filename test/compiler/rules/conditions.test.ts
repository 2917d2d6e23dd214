import { expect, test } from 'vitest';
import { connectorFile, connectorFiles, makeFolder } from '../folder.ts';

async function codesOf(when: string): Promise<string[]> {
  const sample = (id: string) =>
    `{ "headers": { "x-topic": "paid" }, "body": { "id": "${id}", "type": "order.paid", "user": { "id": "u" }, "amount": 1, "n": null, "tags": ["a", "b"] } }`;
  const folder = makeFolder({
    ...connectorFiles('a'),
    'a/connector.yaml': connectorFile('a', `when: ${when}\n`).replace(/, note.*\}/, ' }'),
    'a/one.json': sample('1'),
    'a/two.json': sample('2'),
  });
  return (await folder.compile()).diagnostics.map(({ code }) => code);
}

test.for([
  '[{ path: $.type, equals: order.paid }, { path: $.type, prefix: order. }]',
  '[{ path: $.type, in: [order.paid, x] }, { path: $.type, in: [y, order.paid] }]',
  '[{ path: $.type, prefix: order }, { path: $.type, prefix: order.p }, { path: $.type, exists: true }]',
  '[{ header: X-Topic, equals: paid }, { header: x-topic, exists: true }]',
  '[{ path: $.n, exists: false }, { path: $.n, equals: null }]',
  '[{ path: $.missing, exists: false }]',
  // Each may be met by another element.
  '[{ path: "$.tags[*]", equals: a }, { path: "$.tags[*]", equals: b }]',
  '[{ path: $.type, equals: order.paid }, { path: $.user.id, equals: u }]',
])('can be met: %s', async (when) => {
  expect(await codesOf(when)).toEqual([]);
});

test.for([
  '[{ path: $.type, equals: order.paid }, { path: $.type, equals: order.sent }]',
  '[{ path: $.type, equals: order.paid }, { path: $.type, in: [a, b] }]',
  '[{ path: $.type, equals: order.paid }, { path: $.type, prefix: invoice. }]',
  '[{ path: $.type, prefix: order. }, { path: $.type, prefix: invoice. }]',
  '[{ path: $.type, exists: false }, { path: $.type, prefix: order. }]',
  '[{ path: $.type, exists: true }, { path: $.type, exists: false }]',
  '[{ header: x-topic, equals: paid }, { header: X-TOPIC, equals: sent }]',
])('can never be met: %s', async (when) => {
  expect(await codesOf(when)).toEqual(['when-unreachable']);
});

test.for([
  ['[{ path: $.type, equals: order.sent }]', 'sample-not-selected'],
  ['[{ header: x-topic, equals: sent }]', 'sample-not-selected'],
  ['[{ header: x-other, exists: true }]', 'sample-not-selected'],
  ['[{ path: $.tpye, equals: order.paid }]', 'path-not-in-sample'],
  ['[{ path: "$.type[?(@)]", equals: order.paid }]', 'path-filter-refused'],
] as const)('%s: %s', async ([when, code]) => {
  expect(await codesOf(when)).toEqual([code]);
});
