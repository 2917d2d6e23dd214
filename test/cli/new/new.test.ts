import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { answering, Scratch } from './workspace.ts';

const root = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const STRIPE = readFileSync(
  join(root, 'connectors/stripe-payment-failed/samples/card-declined.json'),
  'utf8',
);
const ORDER = {
  id: 'evt_8f3a',
  kind: 'order.paid',
  order: { number: 1042, total: '403.00' },
  customer: { id: 'user_7', name: 'Ada' },
};
const FLAGS = ['--action-flow', 'F1', '--preset', 'stripe'];

/** Schemes whose requests cannot be made up: no case of a genuine one, and the file of cases says why. */
const UNSIGNABLE = new Map([
  ...[
    ...['adobe-io', 'amazon-sns', 'discord', 'google-chat', 'google-pubsub', 'plaid', 'sendgrid'],
    ...['telnyx', 'travis-ci', 'wise'],
  ].map((name) => [name, 'only the sender has the private key'] as const),
  ...[
    ...['adyen-standard', 'braintree', 'dropbox-sign', 'mailgun', 'mailgun-routes', 'microsoft-graph'],
    ...['midtrans'],
  ].map((name) => [name, 'the signature is part of the body'] as const),
]);
/** The runtime fetches their keys: there is no secret to name. */
const FETCHED = ['amazon-sns', 'google-chat', 'google-pubsub'];
const FORMS = ['braintree', 'dropbox-sign', 'mailgun-routes', 'mandrill', 'plivo', 'travis-ci', 'twilio'];

/** Both commands a reviewer's CI runs find nothing wrong. */
async function expectSound(scratch: Scratch, id: string, cases: number): Promise<void> {
  const check = await scratch.sluice(['check', '--json']);
  const { diagnostics } = JSON.parse(check.out) as { diagnostics: { severity: string }[] };
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(check.code).toBe(0);
  const run = await scratch.sluice(['test', '--connector', id, '--json']);
  const results = (JSON.parse(run.out) as { cases: { ok: boolean; outcome: string }[] }).cases;
  expect(results.map(({ ok }) => ok)).toEqual(Array(cases).fill(true));
  expect(results.map(({ outcome }) => outcome)).toEqual([...Array(cases - 1).fill('delivered'), 'rejected']);
}

test('a preset and a sample make a connector that passes check and test, with every proposal explained', async () => {
  const scratch = new Scratch();
  scratch.write('declined.json', STRIPE);
  const args = [
    'new',
    'pay',
    '--preset',
    'stripe',
    '--sample',
    'declined.json',
    '--action-flow',
    'BkX2pQ',
    '--owner',
    'payments: EU',
  ];
  const run = await scratch.sluice(args);
  expect({ code: run.code, err: run.err }).toEqual({
    code: 0,
    err: expect.stringContaining('[sample-single]'),
  });
  const made = ['cases/first.yaml', 'connector.yaml', 'samples/declined.json'].map(
    (file) => `connectors/pay/${file}`,
  );
  expect(scratch.files()).toEqual([...made, 'declined.json']);
  expect(scratch.read('connectors/pay/connector.yaml')).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=../../node_modules/sluice/schemas/connector.schema.json
    apiVersion: sluice/v1
    id: pay
    owner: "payments: EU"
    actionFlow: BkX2pQ
    status: test # live, when its test cards look right
    # One sample teaches nothing about optional fields: add a second of the same event.
    samples:
      - samples/declined.json
    when:
      # $.type names the event
      - { path: $.type, equals: payment_intent.payment_failed }
    # $.livemode marks test traffic, which then never goes live
    testWhen: { path: $.livemode, equals: false }
    mapping:
      # Who gets the card: a user id that your own system put into the metadata. They must be ids of users that the flow knows.
      # Other candidates, best first:
      #   $.data.object.customer (the customer)
      #   $.data.object.receipt_email (an address)
      targetUserIds: $.data.object.metadata.user_id
      variables:
        # an amount
        amount: $.data.object.amount
        # the currency
        currency: $.data.object.currency
        # a state; it may be missing
        status: { path: $.data.object.status, default: "" }
        # a text; the provider says that it may be missing
        description: { path: $.data.object.description, default: "" }
        # a text; the provider says that it may be missing
        last_payment_error_message: { path: $.data.object.last_payment_error.message, default: "" }
    # What identifies an event comes with the preset: $.id.
    security:
      signature:
        # HMAC-SHA256 of [timestamp].[payload] in stripe-signature; sent within 300 s
        preset: stripe
        sharedSecret: { env: SLUICE_SECRET_STRIPE }
    "
  `);
  await expectSound(scratch, 'pay', 2);

  // Nothing of the payload is in git but what `when` compares.
  const sample = scratch.read('connectors/pay/samples/declined.json');
  expect(JSON.parse(sample).type).toBe('payment_intent.payment_failed');
  for (const value of ['76DHG129387', 'pi_3Q5x1mB7WZ01zgkW0hQ8vXyZ', 'cus_QXg1hqf4jFNsqG']) {
    expect(STRIPE).toContain(value);
    for (const file of made) expect(scratch.read(file)).not.toContain(value);
  }

  const before = made.map((file) => scratch.read(file));
  expect(await scratch.sluice(args)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('connectors/pay exists'),
  });
  expect(made.map((file) => scratch.read(file))).toEqual(before);
});

test.each([...PRESETS.keys()])(
  'preset %s: check and test pass, with a sample and without',
  async (preset) => {
    const scratch = new Scratch();
    const batch = preset.startsWith('hubspot') || ['sendgrid', 'azure-event-grid'].includes(preset);
    // Forms have texts only.
    const isForm = FORMS.includes(preset);
    const event = isForm
      ? { user_id: 'u 1&2', body: 'h\u00e4llo', json: '{}' }
      : { ...ORDER, event_id: 'e1', eventId: 7, type: 'order.paid' };
    scratch.write('one.json', batch ? [event] : event);
    const target = isForm ? '$.user_id' : '$.customer.id';
    const flags = ['--preset', preset, '--action-flow', 'F1', '--target', target];
    const made = await scratch.sluice(['new', 'with', ...flags, '--sample', 'one.json']);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringContaining('wrote connectors/with/connector.yaml'),
    });
    const unsignable = UNSIGNABLE.get(preset);
    await expectSound(scratch, 'with', unsignable === undefined ? 2 : 1);
    const cases = scratch.read('connectors/with/cases/first.yaml');
    expect(/^# No case of a genuine request: (.+)\. sluice preview/m.exec(cases)?.[1]).toBe(unsignable);
    const connector = scratch.read('connectors/with/connector.yaml');
    expect(connector.includes('\nbody: form\n')).toBe(isForm);
    expect(connector.includes('sharedSecret: ')).toBe(!FETCHED.includes(preset));
    expect(made.out.includes('the runtime needs SLUICE_SECRET_')).toBe(!FETCHED.includes(preset));
    expect((await scratch.sluice(['new', 'without', ...flags])).code).toBe(0);
    const { code, out } = await scratch.sluice(['test', '--connector', 'without']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('1 passed, 0 failed') });
  },
);

test("GitHub's examples through standard input, with their headers", async () => {
  const events = require('@octokit/webhooks-examples') as { name: string; examples: object[] }[];
  const issue = events.find(({ name }) => name === 'issues')?.examples[0];
  const stdin = JSON.stringify({
    headers: {
      'x-github-event': 'issues',
      'x-hub-signature-256': 'sha256=00',
      authorization: 'Bearer secret',
      'x-other': '1',
    },
    body: issue,
  });
  for (const [id, extra] of [
    ['issue', []],
    ['raw', ['--raw']],
  ] as const) {
    const scratch = new Scratch();
    // The preset is recognised by the signature header.
    const { code, err } = await scratch.sluice(
      ['new', id, '--sample', '-', '--action-flow', 'F1', ...extra],
      { stdin },
    );
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringMatching(/\b(error:|[1-9]\d* errors?)/) });
    expect(scratch.read(`connectors/${id}/connector.yaml`)).toContain('preset: github');
    const sample = JSON.parse(scratch.read(`connectors/${id}/samples/first.json`));
    expect(Object.keys(sample.headers)).toEqual(
      id === 'raw' ? ['x-github-event', 'x-other'] : ['x-github-event'],
    );
    expect(sample.body.sender.login === 'Codertocat').toBe(id === 'raw');
    await expectSound(scratch, id, 2);
  }
});

test('flags say it all: target, variables, conditions, the id, and what stays in the sample', async () => {
  const scratch = new Scratch();
  scratch.write('a.json', ORDER);
  scratch.write('b.json', { ...ORDER, id: 'evt_9', customer: { id: 'user_8', name: null } });
  const { code, out } = await scratch.sluice([
    ...['new', 'order', '--signature-header', 'X-Shop-Signature', '--sample', 'a.json', '--sample', 'b.json'],
    ...['--action-flow', 'F1', '--target', '$.customer.id', '--variable', 'who=$.customer.name'],
    ...['--variable', 'number=$.order.number', '--when', '$.kind=order.paid', '--idempotency', '$.id'],
    ...['--keep', '$.customer.name', '--json'],
  ]);
  expect({ code, answer: JSON.parse(out) }).toMatchObject({
    code: 0,
    answer: { target: { path: '$.customer.id' }, secrets: ['SLUICE_SECRET_ORDER'] },
  });
  const text = scratch.read('connectors/order/connector.yaml');
  expect(text).toContain('who: { path: $.customer.name, default: "" }');
  expect(text).toContain('idempotency: { path: $.id }');
  expect(text).toContain('signature: { header: x-shop-signature }');
  const names = ['a', 'b'].map(
    (name) => JSON.parse(scratch.read(`connectors/order/samples/${name}.json`)).customer.name,
  );
  expect(names).toEqual(['Ada', null]);
  await expectSound(scratch, 'order', 3);
});

test('a secret URL is a proof too', async () => {
  const scratch = new Scratch();
  scratch.write('a.json', ORDER);
  const { code, out } = await scratch.sluice([
    'new',
    'order',
    '--url-key',
    '--sample',
    'a.json',
    '--action-flow',
    'F1',
  ]);
  expect(code).toBe(0);
  expect(out).toContain('needs SLUICE_URL_KEYS in its environment; with it, sluice url order prints the URL');
  await expectSound(scratch, 'order', 2);
});

test('without a terminal nothing is asked: the missing flags are named', async () => {
  const scratch = new Scratch();
  scratch.write('star.json', { action: 'created', author: { id: 5 }, title: 'x' });
  const refuse = async (args: string[], message: RegExp, code = 2, stdin = ''): Promise<void> => {
    expect(await scratch.sluice(['new', ...args], { stdin })).toMatchObject({
      code,
      out: '',
      err: expect.stringMatching(message),
    });
    expect(scratch.has('connectors')).toBe(false);
  };
  await refuse(
    ['star'],
    /--action-flow <id>, which alone makes a stub.*--target <path>, and --preset <name>/s,
  );
  await refuse(['star', '--target', '$.id'], /--preset <name>.*--action-flow <id>/s);
  // A guess about who gets the card is not taken, but said.
  await refuse(['star', ...FLAGS, '--sample', 'star.json'], /--target <path> \(perhaps \$\.author\.id/);
  await refuse(
    ['star', ...FLAGS, '--sample', 'star.json', '--target', '$.authr.id'],
    /in no sample; did you mean "\$\.author\.id"\?/,
  );
  await refuse(['star', ...FLAGS, '--target', 'sender'], /starts with \$/);
  await refuse(['Star_1', ...FLAGS], /"Star_1" cannot be the id .* lower-case letters/);
  await refuse(['a'.repeat(64), ...FLAGS], /at most 63/);
  await refuse(
    ['star', '--preset', 'strip', '--action-flow', 'F1'],
    /"strip" is not a preset; did you mean "stripe"\?/,
  );
  await refuse(['star', ...FLAGS, '--url-key'], /only one/);
  await refuse(['star', ...FLAGS, '--raw', '--keep', '$.a'], /leave out --keep/);
  await refuse(['star', ...FLAGS, '--variable', 'x'], /--target/);
  await refuse(['star', ...FLAGS, '--target', '$.a', '--variable', 'x'], /not <name>=<path>/);
  await refuse(['star', ...FLAGS, '--target', '$.a', '--when', 'x'], /not <path>=<value>/);
  await refuse(['star', ...FLAGS, '--script', 'default'], /--script adds/);
  await refuse(['star', ...FLAGS, '--sample', 'none.json'], /"none.json" cannot be read/, 1);
  await refuse(['star', ...FLAGS, '--sample', '.'], /"." is not a file/, 1);
  await refuse(['star', ...FLAGS, '--sample', '-'], /standard input is empty/, 1);
  await refuse(
    ['star', ...FLAGS, '--sample', '-'],
    /standard input is not a sample: .*not valid JSON/,
    1,
    '{"a":',
  );
  await refuse(
    ['star', ...FLAGS, '--sample', '-'],
    /not valid JSON.*a form is written as a JSON object of its fields/,
    1,
    'token=abc&text=94070',
  );
  await refuse(['star', ...FLAGS, '--sample', '-'], /larger than 1 MiB/, 1, `"${'a'.repeat(1024 * 1024)}"`);
});

test('what would not pass is not written, and its errors are shown', async () => {
  const scratch = new Scratch();
  scratch.write('a.json', ORDER);
  const args = ['new', 'order', '--preset', 'auth0', '--action-flow', 'F1', '--sample', 'a.json'];
  const live = await scratch.sluice([...args, '--status', 'live']);
  expect(live).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/\[signature-body-unsigned\].*nothing was written/s),
  });
  const ignored = await scratch.sluice([...args, '--when', '$.kind=order.sent']);
  expect(ignored).toMatchObject({ code: 1, err: expect.stringContaining('nothing was written') });
  expect(scratch.files()).toEqual(['a.json']);
});

test('a link where the connector would be is left alone', async () => {
  const scratch = new Scratch();
  scratch.write('elsewhere/x', '');
  scratch.write('connectors/x', '');
  symlinkSync(scratch.path('elsewhere'), scratch.path('connectors/order'));
  const { code, err } = await scratch.sluice(['new', 'order', ...FLAGS, '--target', '$.a']);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('connectors/order exists') });
  expect(scratch.files()).not.toContain('elsewhere/connector.yaml');
});

test('on a terminal every choice is offered, best first', async () => {
  const scratch = new Scratch();
  scratch.write('a.json', ORDER);
  const { prompts, asked } = answering([
    'file', // a sample
    'a.json',
    undefined, // who sends: the first offered is another sender that signs
    'X Bad', // a header: refused, and asked again
    'x-shop-signature',
    'not a flow!',
    'Flow1',
    undefined, // target
    undefined, // when
    ['total'], // variables
    'shop',
    'Thank the customer # for an order',
  ]);
  const { code, err } = await scratch.sluice(['new', 'order'], { prompts });
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringMatching(/\b(error:|[1-9]\d* errors?)/) });
  expect(asked).toHaveLength(12);
  const text = scratch.read('connectors/order/connector.yaml');
  expect(text).toContain('owner: shop\n');
  expect(text).toContain('description: "Thank the customer # for an order"');
  expect(text).toMatch(/ {2}variables:\n {4}# an amount\n {4}total: \$\.order\.total\n[^ ]/);
  await expectSound(scratch, 'order', 2);
});

test('a sample can be pasted, or come later', async () => {
  const scratch = new Scratch();
  const rest = ['stripe', 'Flow1'];
  const pasted = answering([
    'paste',
    '{"id":',
    JSON.stringify(ORDER, null, 2),
    ...rest,
    undefined,
    undefined,
    undefined,
    '',
    '',
  ]);
  expect((await scratch.sluice(['new', 'pasted'], { prompts: pasted.prompts })).code).toBe(0);
  expect(scratch.has('connectors/pasted/samples/first.json')).toBe(true);
  await expectSound(scratch, 'pasted', 2);

  const later = answering(['none', ...rest, 'customer.id', '$.customer.id', '', '']);
  const { code, out } = await scratch.sluice(['new', 'later'], { prompts: later.prompts });
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining('sluice capture later --write first'),
  });
  expect(later.asked.filter((message) => message.startsWith('The path'))).toHaveLength(2);
});

test('or be one that comes with Sluice: its provider and event are chosen from a list', async () => {
  const scratch = new Scratch();
  const { prompts, asked } = answering([
    'event',
    'stripe',
    'invoice.payment_failed',
    'Flow1',
    '$.data.object.customer',
    ...Array(4),
  ]);
  const { code, out } = await scratch.sluice(['new', 'failed'], { prompts });
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('made-up values') });
  expect(asked.slice(0, 3)).toEqual([
    'Is there a sample of the event?',
    'Of which provider?',
    'Which event?',
  ]);
  await expectSound(scratch, 'failed', 3);

  // The provider is known, and has none.
  const none = answering(['event']);
  const refused = await scratch.sluice(['new', 'one', '--preset', 'auth0', '--action-flow', 'F1'], {
    prompts: none.prompts,
  });
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining('no samples of events of "auth0"'),
  });
  const gaveUp = answering(['event', null]);
  expect(await scratch.sluice(['new', 'two'], { prompts: gaveUp.prompts })).toMatchObject({ code: 1 });
});

test('nobody is asked where standard input is the sample, or the best is to be taken', async () => {
  const scratch = new Scratch();
  const { prompts, asked } = answering([]);
  const flags = ['new', 'one', '--action-flow', 'F1', '--preset', 'stripe'];
  expect(
    (await scratch.sluice([...flags, '--sample', '-'], { prompts, stdin: JSON.stringify(ORDER) })).code,
  ).toBe(0);
  scratch.write('a.json', ORDER);
  expect(
    (await scratch.sluice(['new', 'two', ...flags.slice(2), '--sample', 'a.json', '--yes'], { prompts }))
      .code,
  ).toBe(0);
  expect(asked).toEqual([]);
});

test('who gives up at any question leaves nothing behind', async () => {
  const answers = ['file', 'a.json', 'stripe', 'Flow1', undefined, undefined, undefined, 'shop', ''];
  for (let number = 0; number < answers.length; number += 1) {
    const scratch = new Scratch();
    scratch.write('a.json', ORDER);
    const { prompts } = answering([...answers.slice(0, number), null]);
    const { code, err } = await scratch.sluice(['new', 'order'], { prompts });
    expect({ code, err }).toEqual({ code: 1, err: 'given up; nothing was written\n' });
    expect(scratch.files()).toEqual(['a.json']);
  }
});

test('hostile samples stay data: in comments, in paths and in values', async () => {
  const scratch = new Scratch();
  const body = {
    'user\nid: x': { 'user id': 'u1' },
    user: { user_id: 'u2"}\n- evil: true' },
    'a: b # c': { id: 1 },
    type: 'on',
    "it's": { title: 'x' },
    '\u001b[31muser': { id: 'u3' },
  };
  scratch.write('a.json', body);
  const { code, err, out } = await scratch.sluice([
    'new',
    'odd',
    ...FLAGS,
    '--sample',
    'a.json',
    '--idempotency',
    'body',
  ]);
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringMatching(/\b(error:|[1-9]\d* errors?)/) });
  const text = scratch.read('connectors/odd/connector.yaml');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  expect(text + out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(text).not.toMatch(/^- evil/m);
  expect(text).toContain('equals: "on"');
  await expectSound(scratch, 'odd', 2);
});
