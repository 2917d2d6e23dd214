/** What `sluice test` prints: for people, and for machines. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { CONNECTOR, makeOrders } from './orders-workspace.ts';

const HOLDS = `- note: a paid order makes a card
  request: { sample: paid.json, sign: genuine }
  want: { outcome: delivered, mode: live, paused: false, status: 202, trigger: { targetUserIds: [u1], variables: { name: Ada } } }
`;
const FAILS = `${HOLDS}- note: a card for somebody else
  request: { sample: paid.json, sign: genuine }
  want:
    outcome: delivered
    trigger: { targetUserIds: [u9], variables: { order: 7, name: Ada }, metadata: { a: 1 } }
- note: an order that is a text goes out
  request: { sample: paid.json, sign: genuine, set: { $.order: seven } }
  want: { outcome: delivered, code: delivered, status: 202, paused: false, trigger: { targetUserIds: [u1] } }
- note: an unsigned one is for somebody else
  request: { sample: paid.json }
  want: { outcome: ignored, code: when-differs, status: 200 }
- note: a case that cannot run
  request: { sample: paid.json, sign: genuine, remove: [$.nothing] }
  want: { outcome: delivered }
`;

describe('for people', () => {
  test('a failure says where it stands, what differs and what the outcome means', async () => {
    const { code, out } = await makeOrders(FAILS).sluice('test');
    expect(code).toBe(1);
    expect(out).toBe(`ok   orders: a paid order makes a card
FAIL orders: a card for somebody else
     connectors/orders/cases/events.yaml:4:3
     trigger: - wanted, + came out
       {
         "targetUserIds": [
     -     "u9"
     +     "u1"
         ],
         "variables": {
           "order": 7,
           "name": "Ada"
     -   },
     -   "metadata": {
     -     "a": 1
         }
       }
FAIL orders: an order that is a text goes out
     connectors/orders/cases/events.yaml:9:3
     outcome: want "delivered", got "held"
     code: want "delivered", got "shape-changed"
     paused: want false, got true
     trigger: there is none
     held, shape-changed: the payload does not look like the samples
       $.order: expected number, found string
FAIL orders: an unsigned one is for somebody else
     connectors/orders/cases/events.yaml:12:3
     outcome: want "ignored", got "rejected"
     code: want "when-differs", got "signature-missing"
     status: want 200, got 401
     rejected, signature-missing: the scheme reads a signature that is not there; \`sign: genuine\` makes one
FAIL orders: a case that cannot run
     connectors/orders/cases/events.yaml:15:3
     remove: "$.nothing" is not in the body
1 passed, 4 failed
`);
  });

  test('what the mapping says is not lost', async () => {
    const { out } = await makeOrders(`note: a name that is no name
request: { sample: paid.json, sign: genuine, set: { $.customer.id: ${'u'.repeat(257)} } }
want: { outcome: delivered }
`).sluice('test');
    expect(out).toContain(
      '     held, trigger-invalid: what the mapping made is not a trigger\n       targetUserIds[0] is longer than 256 characters\n',
    );
  });

  test('a terminal shows it in colours, and NO_COLOR does not', async () => {
    const coloured = (await makeOrders(FAILS, { terminal: true }).sluice('test')).out;
    expect(coloured).toContain('\u001b[31m-     "u9"\u001b[39m');
    expect(coloured).toContain('\u001b[32m+     "u1"\u001b[39m');
    expect(
      (await makeOrders(FAILS, { terminal: true, env: { NO_COLOR: '1' } }).sluice('test')).out,
    ).not.toContain('\u001b');
  });

  test('text of files moves no cursor and reorders nothing', async () => {
    const { out } = await makeOrders(`note: "\\e[2J\\u202etxt"
request: { json: { id: e, kind: order.paid, order: 1, test: false, customer: { id: u, name: "\\e]0;x\\a\\u2066" } }, sign: genuine }
want: { outcome: delivered, trigger: { variables: { name: "\\e[31m" } } }
`).sluice('test');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
    expect(out).toContain('FAIL orders: \\u{1b}[2J\\u{202e}txt\n');
  });

  test('text of files is no command to the runner of a CI job', async () => {
    const orders = makeOrders(`- note: "##[set-env name=PATH]x ##vso[task.complete]"
  request: { sample: paid.json, sign: genuine }
  want: { outcome: delivered, trigger: { targetUserIds: ["##[error]"], variables: { name: Ada } } }
`);
    const { code, out } = await orders.sluice('test');
    expect(code).toBe(1);
    expect(out).toContain('FAIL orders: #\\u{23}[set-env name=PATH]x #\\u{23}vso[task.complete]');
    expect(out).toContain('"#\\u{23}[error]"');
    expect(out).not.toMatch(/##\w*\[/);

    // As above, or as the name of a folder.
    renameSync(join(orders.folder, 'connectors/orders'), join(orders.folder, '::add-mask::x'));
    const { err } = await orders.sluice('check', '.');
    expect(err).toMatch(/^\\u\{3a\}:add-mask::x\/connector\.yaml:\d/m);
    expect(err).not.toMatch(/^\s*::/m);
  });

  test('a difference of any size is shown within bounds', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `name ${index}`);
    const { out } = await makeOrders(`note: long
request: { json: { id: e, kind: order.paid, order: 1, test: false, customer: { id: ${JSON.stringify(names)}, name: "${'x'.repeat(5000)}" } }, sign: genuine }
want: { outcome: delivered, trigger: { targetUserIds: ${JSON.stringify(names.map((name) => `no ${name}`))}, variables: { name: y } } }
`).sluice('test');
    expect(out.split('\n').length).toBeLessThan(90);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(200);
  });

  test('the order of keys is no difference', async () => {
    const workspace = makeOrders(`note: order
request: { sample: paid.json, sign: genuine }
want:
  outcome: delivered
  trigger: { metadata: { who: [{ name: Eve, id: u1 }] }, targetUserIds: [u1] }
`);
    workspace.write(
      'connector.yaml',
      CONNECTOR.replace('  variables:', '  metadata: { who: [$.customer] }\n  variables:'),
    );
    const { out } = await workspace.sluice('test');
    expect(out.match(/^ {5}[-+] .*$/gm)).toEqual([
      '     -         "name": "Eve",',
      '     +         "name": "Ada",',
    ]);
  });
});

describe('for machines', () => {
  test('--json has a line for each case', async () => {
    const { code, out } = await makeOrders(FAILS).sluice('test', '--json');
    expect(code).toBe(1);
    const { cases, coverage } = JSON.parse(out);
    expect(coverage).toBeUndefined();
    expect(cases.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, false, false, false, false]);
    expect(cases[1]).toEqual({
      connector: 'orders',
      file: 'connectors/orders/cases/events.yaml',
      line: 4,
      column: 3,
      note: 'a card for somebody else',
      ok: false,
      outcome: 'delivered',
      code: 'delivered',
      paused: false,
      trigger: expect.objectContaining({ targetUserIds: ['u1'] }),
      difference: [
        'trigger.targetUserIds: want ["u9"], got ["u1"]',
        'trigger.metadata: want {"a":1}, got undefined',
      ],
      differences: [],
    });
    expect(cases[2]).toMatchObject({
      outcome: 'held',
      code: 'shape-changed',
      paused: true,
      trigger: null,
      differences: [{ path: '$.order', expected: 'number', found: 'string' }],
    });
    expect(cases[4]).toMatchObject({ outcome: null, code: null, paused: null, trigger: null });
  });

  test('an integer past 2^53 in a case is compared and printed, not a crash', async () => {
    const { code, out } = await makeOrders(`note: digits
request: { sample: paid.json, sign: genuine }
want: { outcome: delivered, trigger: { variables: { order: 123456789012345678901 } } }
`).sluice('test', '--json');
    expect(code).toBe(1);
    expect(out).toContain('trigger.variables.order: want 123456789012345678901, got 7');
  });

  interface Element {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
    text: string;
  }

  /** Throws for what is not well-formed. */
  function parseXml(xml: string): readonly Element[] {
    const elements: Element[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      elements.push({ name, attributes: attributes as Record<string, string>, text: '' });
    });
    parser.on('text', (text) => {
      const last = elements.at(-1);
      if (last !== undefined) last.text += text;
    });
    parser.write(xml).close();
    return elements;
  }

  test('--format junit is XML, whatever the files say', async () => {
    const hostile = `${FAILS}- note: "]]></testsuite> & \\"<\\" \\0\\b\\uFFFE\\uFFFF \\uD800 \\u2028"
  request: { sample: paid.json, sign: genuine }
  want: { outcome: delivered, trigger: { variables: { name: "<&\\x01]]>" } } }
`;
    const { code, out, err } = await makeOrders(hostile).sluice('test', '--format', 'junit', '--coverage');
    expect(code).toBe(1);
    expect(err).toContain('coverage: ');
    const elements = parseXml(out);
    const [root, suite] = elements;
    expect(root?.attributes).toEqual({ name: 'sluice test', tests: '6', failures: '5', errors: '0' });
    expect(suite?.attributes).toMatchObject({ name: 'orders', tests: '6', failures: '5' });
    const cases = elements.filter(({ name }) => name === 'testcase');
    expect(cases[0]?.attributes).toEqual({
      classname: 'orders',
      name: 'a paid order makes a card',
      file: 'connectors/orders/cases/events.yaml',
      line: '1',
    });
    expect(cases[5]?.attributes.name).toMatch(/^\]\]><\/testsuite> & "<" \\u\{0\}\\u\{8\}/);
    const failures = elements.filter(({ name }) => name === 'failure');
    expect(failures).toHaveLength(5);
    expect(failures[1]?.attributes.message).toBe('outcome: want "delivered", got "held"');
    expect(failures[1]?.text).toContain('\n  $.order: expected number, found string');
  });

  test('--format junit is not green where a connector does not compile', async () => {
    const workspace = makeOrders(HOLDS);
    workspace.write('connector.yaml', CONNECTOR.replace('apiVersion: sluice/v1\n', ''));
    const { code, out } = await workspace.sluice('test', '--format', 'junit');
    expect(code).toBe(1);
    const elements = parseXml(out);
    expect(elements[0]?.attributes).toMatchObject({ tests: '1', failures: '0', errors: '1' });
    expect(elements.filter(({ name }) => name === 'error').map(({ attributes }) => attributes.type)).toEqual([
      'key-missing',
    ]);
  });
});

describe('wrong usage', () => {
  test.each([
    [['--connector', 'order'], 'no connector "order" in connectors; did you mean "orders"?\n'],
    [['orders'], '"orders" is a connector, and no folder of them: use --connector orders\n'],
    [['--min-coverage', 'most'], '--min-coverage "most" is not a percentage, such as 80\n'],
    [['--min-coverage', '101'], '--min-coverage "101" is not a percentage, such as 80\n'],
    [['--watch', '--format', 'junit'], '--watch prints for people; leave out --format junit\n'],
  ])('%s', async (args, message) => {
    expect(await makeOrders(HOLDS).sluice('test', ...args)).toEqual({ code: 2, out: '', err: message });
  });
});
