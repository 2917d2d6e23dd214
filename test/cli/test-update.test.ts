/** `sluice test --update`: what came out is written where it was wanted, and nothing else. */
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeOrders } from './orders-workspace.ts';

const FILE = 'cases/events.yaml';
const PAID = 'request: { sample: paid.json, sign: genuine }';

test('only what was wanted is written, every other byte stays', async () => {
  const before = `# Cases of orders.
- note: a paid order   # the usual one
  ${PAID}
  want:
    outcome: delivered
    trigger:
      targetUserIds:
        - u9          # the buyer
      variables: { order: 9, name: 'Eve', gone: 1 }
-   note: "another"
    request: {sample:   unnamed.json, sign: genuine}
    want: {outcome: delivered,   status: 200, mode: live}
- note: one that holds
  ${PAID}
  want: { outcome: delivered }
`;
  const workspace = makeOrders(before);
  const { code, out } = await workspace.sluice('test', '--update');
  expect(workspace.read(FILE)).toBe(
    before
      .replace('- u9 ', '- u1 ')
      .replace("order: 9, name: 'Eve', gone: 1", "order: 7, name: 'Ada'")
      .replace('status: 200', 'status: 202'),
  );
  expect(out).toContain(`updated connectors/orders/${FILE}:2:3: a paid order: trigger
updated connectors/orders/${FILE}:10:5: another: status
2 updated, 0 left
`);
  expect(code).toBe(0);
  expect(await workspace.sluice('test')).toMatchObject({ code: 0 });
  expect(readdirSync(join(workspace.folder, 'connectors/orders/cases'))).toEqual(['events.yaml']);
});

test('keys that nothing came out for go, and none is invented', async () => {
  const workspace = makeOrders(`note: now another event
request: { sample: paid.json, sign: genuine, set: { $.kind: order.lost } }
want: { outcome: delivered, code: delivered, mode: live, trigger: { targetUserIds: [u1] } }
`);
  expect(await workspace.sluice('test', '--update')).toMatchObject({ code: 0 });
  expect(workspace.read(FILE)).toContain('\nwant: { outcome: ignored, code: when-differs }\n');
});

test('differences become those that were found', async () => {
  const workspace = makeOrders(`note: a text
request: { sample: paid.json, sign: genuine, set: { $.order: seven } }
want: { outcome: held, differences: [$.customer.id] }
`);
  expect(await workspace.sluice('test', '--update')).toMatchObject({ code: 0 });
  expect(workspace.read(FILE)).toContain('want: { outcome: held, differences: [$.order] }');
});

test('a batch gets as many triggers as came out, each with the fields that were wanted', async () => {
  const workspace = makeOrders(`note: batch
request: { json: [{ id: e1, kind: order.paid, order: 1, test: false, customer: { id: u1, name: A } }, { id: e2, kind: order.paid, order: 2, test: false, customer: { id: u2, name: B } }], sign: genuine }
want:
  outcome: delivered
  triggers:
    - { variables: { order: 5 } }
`);
  const connector = workspace.read('connector.yaml');
  workspace.write(
    'connector.yaml',
    connector
      .replace('samples: [paid.json, unnamed.json]', 'samples: [batch.json]\nsplit: $[*]')
      .replace(/when:\n.*\n/, '')
      .replace(/testWhen:.*\n/, ''),
  );
  const sample = [workspace.read('paid.json'), workspace.read('unnamed.json')];
  workspace.write('batch.json', `[${sample.join(',')}]`);
  expect(await workspace.sluice('test', '--update')).toMatchObject({ code: 0 });
  expect(workspace.read(FILE)).toMatch(
    /\n {2}triggers:\n {4}- \{ variables: \{ order: 1 \} \}\n {4}- \{ variables: \{ order: 2 \} \}\n$/,
  );
});

describe('a case that is there to stop something', () => {
  const CASES = [
    [
      'refuse',
      PAID,
      'outcome: rejected, code: signature-missing',
      'it had to be rejected, and now it is delivered',
    ],
    ['hold', PAID, 'outcome: held, paused: true', 'it had to be held, and now a card goes out'],
    ['ignore', PAID, 'outcome: ignored', 'it had to be ignored, and now a card goes out'],
    [
      'refuse what is held now',
      'request: { sample: paid.json, sign: genuine, set: { $.order: x } }',
      'outcome: rejected',
      'it had to be rejected, and now it is held',
    ],
    [
      'hold what is ignored now',
      'request: { sample: paid.json, sign: genuine, set: { $.kind: x } }',
      'outcome: held',
      'it had to be held, and now it is dropped',
    ],
    [
      'pause',
      'request: { sample: paid.json, sign: genuine, remove: [$.order] }',
      'outcome: held, paused: true',
      'it had to pause the connector, and now it does not',
    ],
    [
      'make a test card',
      PAID,
      'outcome: delivered, mode: test',
      'it had to make a test card, and now makes a live one',
    ],
  ] as const;

  test.each(CASES)(
    'to %s stays and fails, until --update-all names the change',
    async (_, request, want, loosened) => {
      const text = `note: guard\n${request}\nwant: { ${want} }\n`;
      const workspace = makeOrders(text);
      const kept = await workspace.sluice('test', '--update');
      expect(kept.code).toBe(1);
      expect(kept.out).toContain(
        `left as it is: connectors/orders/${FILE}:1:1: guard: ${loosened}; if that is right, update it with --update-all\n0 updated, 1 left\n`,
      );
      expect(workspace.read(FILE)).toBe(text);

      const all = await workspace.sluice('test', '--update-all');
      expect(all.code).toBe(0);
      expect(all.out).toContain(`; CAREFUL: ${loosened}\n1 updated, 0 left\n`);
      expect(await workspace.sluice('test')).toMatchObject({ code: 0 });
    },
  );

  test('may become stricter', async () => {
    const workspace = makeOrders(
      `note: guard\nrequest: { sample: paid.json, ip: 10.0.0.1 }\nwant: { outcome: held }\n`,
    );
    expect(await workspace.sluice('test', '--update')).toMatchObject({ code: 0 });
    expect(workspace.read(FILE)).toContain('want: { outcome: rejected }');
  });
});

test('what cannot be edited is said, and the rest is written', async () => {
  const workspace = makeOrders(`- note: with a comment
  ${PAID}
  want:
    outcome: delivered
    trigger:
      targetUserIds:
        - u1
        - u2 # also the seller
- note: a wrong case
  request: { sample: paid.json, sign: genuine, remove: [$.nothing] }
  want: { outcome: delivered }
- note: a plain one
  ${PAID}
  want: { outcome: delivered, status: 200 }
`);
  const { code, out } = await workspace.sluice('test', '--update');
  expect(code).toBe(1);
  expect(
    out,
  ).toContain(`left as it is: connectors/orders/${FILE}:1:3: with a comment: it is written in a way that is not edited here; change it by hand
left as it is: connectors/orders/${FILE}:9:3: a wrong case: remove: "$.nothing" is not in the body
updated connectors/orders/${FILE}:12:3: a plain one: status
1 updated, 2 left
`);
  expect(workspace.read(FILE)).toContain('- u2 # also the seller\n');
  expect(workspace.read(FILE)).toContain('want: { outcome: delivered, status: 202 }\n');
});

test('CI writes nothing', async () => {
  const text = `note: a\n${PAID}\nwant: { outcome: delivered, status: 200 }\n`;
  const workspace = makeOrders(text, { env: { CI: 'true' } });
  for (const option of ['--update', '--update-all']) {
    expect(await workspace.sluice('test', option)).toEqual({
      code: 2,
      out: '',
      err: '--update writes case files, which nobody would commit here (CI=true); run it on your machine and commit what it wrote\n',
    });
  }
  expect(workspace.read(FILE)).toBe(text);
  expect((await makeOrders(text, { env: { CI: 'false' } }).sluice('test', '--update')).code).toBe(0);
});

test('--json keeps standard output for the JSON', async () => {
  const workspace = makeOrders(`note: a\n${PAID}\nwant: { outcome: delivered, status: 200 }\n`);
  const { out, err } = await workspace.sluice('test', '--update', '--json');
  expect(JSON.parse(out).cases).toHaveLength(1);
  expect(err).toBe(`updated connectors/orders/${FILE}:1:1: a: status\n1 updated, 0 left\n`);
});

test('nothing is written through a symbolic link', async () => {
  const workspace = makeOrders('note: unused\nrequest: {}\nwant: { outcome: rejected }\n');
  const outside = join(workspace.folder, 'outside');
  mkdirSync(outside);
  const text = `note: a\n${PAID}\nwant: { outcome: delivered, status: 200 }\n`;
  writeFileSync(join(outside, 'events.yaml'), text);
  const link = join(workspace.folder, 'connectors/orders/cases/linked.yaml');
  symlinkSync(join(outside, 'events.yaml'), link);
  expect((await workspace.sluice('test', '--update')).code).toBe(1);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(workspace.read('cases/linked.yaml')).toBe(text);
});
