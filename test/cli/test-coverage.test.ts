/** `sluice test --coverage`: what the cases show of a connector is what their requests did, not what they say. */
import { describe, expect, test } from 'vitest';
import { makeOrders, type OrdersWorkspace } from './orders-workspace.ts';

interface Item {
  readonly part: string;
  readonly name: string;
  readonly side: string;
}
interface Coverage {
  readonly percent: number;
  readonly covered: number;
  readonly total: number;
  readonly connectors: readonly (Omit<Coverage, 'connectors'> & { readonly missing: readonly Item[] })[];
}

async function measure(workspace: OrdersWorkspace): Promise<Coverage> {
  const { out, err } = await workspace.sluice('test', '--coverage', '--json');
  expect(err).not.toContain(': error:');
  return JSON.parse(out).coverage;
}

async function missingOf(workspace: OrdersWorkspace): Promise<readonly string[]> {
  const { connectors } = await measure(workspace);
  return (connectors[0]?.missing ?? []).map(({ part, name, side }) => `${part} ${name}: ${side}`);
}

const ALL = [
  'when $.kind equals "order.paid": holds',
  'when $.kind equals "order.paid": does not hold',
  'testWhen $.test equals true: holds',
  'testWhen $.test equals true: does not hold',
  'mapping targetUserIds: from $.customer.id',
  'mapping variables.order: from $.order',
  'mapping variables.name: from $.customer.name',
  'mapping variables.name: from $.customer.nick',
  'mapping variables.name: default',
  'shape $.customer.id: missing, or of another type',
  'shape $.order: missing, or of another type',
  'allowIps 203.0.113.0/24: let in',
  'allowIps 203.0.113.0/24: refused',
  'signature stripe: genuine',
  'signature stripe: wrong',
  'signature stripe: missing',
  'signature stripe: stale',
];

/** A request, and what it alone shows. `want` does not matter to what is shown. */
const SHOWS: readonly (readonly [string, string, readonly number[]])[] = [
  ['a paid order', '{ sample: paid.json, sign: genuine }', [0, 3, 4, 5, 6, 11, 13]],
  ['one with a nickname', '{ sample: unnamed.json, sign: genuine }', [0, 3, 4, 5, 7, 11, 13]],
  [
    'one without a name',
    '{ sample: paid.json, sign: genuine, remove: [$.customer.name] }',
    [0, 3, 4, 5, 8, 11, 13],
  ],
  ['a test', '{ sample: paid.json, sign: genuine, set: { $.test: true } }', [0, 2, 4, 5, 6, 11, 13]],
  ['another event', '{ sample: paid.json, sign: genuine, set: { $.kind: x } }', [1, 3, 11, 13]],
  ['an event without a kind', '{ sample: paid.json, sign: genuine, remove: [$.kind] }', [3, 11, 13]],
  ['a wrong signature', '{ sample: paid.json, sign: wrong }', [11, 14]],
  ['none', '{ sample: paid.json }', [11, 15]],
  ['an old one', '{ sample: paid.json, sign: stale }', [11, 16]],
  ['another address', '{ sample: paid.json, sign: genuine, ip: 10.0.0.1 }', [12]],
  [
    'a customer of another type',
    '{ sample: paid.json, sign: genuine, set: { $.customer: u1 } }',
    [0, 3, 9, 11, 13],
  ],
  ['no order', '{ sample: paid.json, sign: genuine, remove: [$.order] }', [0, 3, 10, 11, 13]],
  [
    'a blank user, who is nobody: as if missing',
    '{ sample: paid.json, sign: genuine, set: { $.customer.id: "" } }',
    [0, 3, 9, 11, 13],
  ],
  [
    'a user of more letters than a trigger takes',
    `{ sample: paid.json, sign: genuine, set: { $.customer.id: ${'u'.repeat(257)} } }`,
    [0, 3, 4, 5, 6, 11, 13],
  ],
  ['a method that is not taken', '{ sample: paid.json, sign: genuine, method: PATCH }', []],
];

test.each(SHOWS)('%s', async (note, request, shown) => {
  const workspace = makeOrders(
    `{ note: ${JSON.stringify(note)}, request: ${request}, want: { outcome: captured } }`,
  );
  const missing = ALL.filter((_, index) => !shown.includes(index));
  expect((await missingOf(workspace)).toSorted()).toEqual(missing.toSorted());
});

test('all of them together show everything', async () => {
  const cases = SHOWS.map(([note, request]) => ({ note, request, want: { outcome: 'captured' } }));
  const text = cases.map(
    (one) => `- { note: ${JSON.stringify(one.note)}, request: ${one.request}, want: { outcome: captured } }`,
  );
  const coverage = await measure(makeOrders(text.join('\n')));
  expect(coverage).toMatchObject({ percent: 100, covered: ALL.length, total: ALL.length });
});

describe('of other connectors', () => {
  test('a batch shows what its elements show', async () => {
    const workspace = makeOrders(`note: batch
request: { json: [{ id: 1, who: u1 }, { id: 2, who: { id: u2 } }, { id: 3, who: u3, name: C }] }
want: { outcome: held }
`);
    workspace.write(
      'connector.yaml',
      `apiVersion: sluice/v1
id: orders
actionFlow: F1
sample: [{ id: 1, who: u, name: A }, { id: 2, who: u }]
split: $[*]
mapping:
  targetUserIds: [$.who]
  variables: { greeting: { template: "Hi {{ $.name }}", default: Hi }, fixed: 1 }
  metadata: { deep: { a: [{ header: x-a, default: n }] } }
idempotency: { path: $.id }
`,
    );
    expect(await missingOf(workspace)).toEqual(['mapping metadata.deep.a[0]: from header x-a']);
  });

  test('a secret URL is right or wrong', async () => {
    const workspace = makeOrders(
      '{ note: a, request: { json: { who: u1 }, sign: genuine }, want: { outcome: delivered } }',
    );
    workspace.write(
      'connector.yaml',
      `apiVersion: sluice/v1
id: orders
actionFlow: F1
sample: { who: u1 }
mapping: { targetUserIds: $.who }
idempotency: body
security: { urlKey: true }
`,
    );
    expect(await missingOf(workspace)).toEqual([
      'shape $.who: missing, or of another type',
      'urlKey the secret URL: refused',
    ]);
    workspace.write(
      'cases/wrong.yaml',
      '{ note: b, request: { json: { who: u1 }, sign: wrong }, want: { outcome: rejected } }',
    );
    expect(await missingOf(workspace)).toEqual(['shape $.who: missing, or of another type']);
  });

  test('each challenge of a provider is one', async () => {
    const workspace = makeOrders(
      '{ note: a, request: { json: { type: url_verification, challenge: abc }, sign: genuine }, want: { outcome: answered, body: abc } }',
    );
    const slack = (handshake: string) => `apiVersion: sluice/v1
id: orders
actionFlow: F1
sample: { type: event, who: u1 }
mapping: { targetUserIds: $.who }
idempotency: body
security: { signature: { preset: slack, sharedSecret: { env: SLUICE_SECRET_S } ${handshake} } }
`;
    workspace.write('connector.yaml', slack(''));
    expect((await missingOf(workspace)).filter((line) => line.startsWith('handshake'))).toEqual([]);
    workspace.write(
      'connector.yaml',
      slack(
        ', handshake: [{ when: [{ path: $.type, equals: ping }], answer: { text: $.challenge } }, { when: [{ path: $.type, equals: url_verification }], answer: { text: $.challenge } }]',
      ),
    );
    expect((await missingOf(workspace)).filter((line) => line.startsWith('handshake'))).toEqual([
      'handshake POST $.type equals "ping": answered',
    ]);
  });

  test('a script is seen to run', async () => {
    const workspace = makeOrders('{ note: a, request: { json: { who: u1 } }, want: { outcome: delivered } }');
    const connector =
      'apiVersion: sluice/v1\nid: orders\nactionFlow: F1\nsample: { who: u1 }\nmapping: { script: map.js }\nidempotency: body\n';
    workspace.write('connector.yaml', connector);
    workspace.write('map.js', 'export default ({ body }) => ({ targetUserIds: [body.who] });\n');
    expect(await missingOf(workspace)).toEqual(['shape $.who: missing, or of another type']);
    workspace.write(
      'cases/events.yaml',
      '{ note: a, request: { json: { who: 1 } }, want: { outcome: held } }',
    );
    expect(await missingOf(workspace)).toEqual(['mapping map.js: runs']);
  });
});

test('people read what no case shows, and how much that is', async () => {
  const { code, out } = await makeOrders(
    '{ note: a, request: { sample: paid.json, sign: genuine }, want: { outcome: delivered } }',
  ).sluice('test', '--coverage');
  expect(code).toBe(0);
  expect(out).toContain(`1 passed, 0 failed

What no case shows:
orders: 41.1 % (7 of 17)
  when $.kind equals "order.paid": does not hold
`);
  expect(out).toMatch(/\ncoverage: 41\.1 % \(7 of 17\)\n$/);
});

test('--min-coverage fails below it, and not at it', async () => {
  const cases = '{ note: a, request: { sample: paid.json, sign: genuine }, want: { outcome: delivered } }';
  expect(await makeOrders(cases).sluice('test', '--min-coverage', '41.1')).toMatchObject({ code: 0 });
  expect(await makeOrders(cases).sluice('test', '--min-coverage', '42')).toMatchObject({
    code: 1,
    err: 'coverage is 41.1 %, and has to be 42 %\n',
  });
});
