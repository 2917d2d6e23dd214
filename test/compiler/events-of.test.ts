// Several connectors behind one URL: what is compiled of them, what is refused between them, and who gets a request.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { makeRequest, makeWorld, NOW, SECRET } from '../runtime/world.ts';
import { makeFolder } from './folder.ts';

const HOST = `apiVersion: sluice/v1
id: shop
status: live
mapping: none
security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_TEST } } }
`;

function member(id: string, more = 'status: live\n', when = `{ path: $.type, equals: ${id} }`): string {
  return `apiVersion: sluice/v1
id: ${id}
actionFlow: Flow1
eventsOf: shop
samples: [one.json, two.json]
when: [${when}]
mapping: { targetUserIds: $.user, variables: { kind: ${id}, note: { path: $.note, default: "" } } }
${more}`;
}

function sample(type: string, note?: string): string {
  return JSON.stringify({ id: `evt_${type}_${note}`, type, user: 'u1', ...(note && { note }) });
}

function files(
  ids: readonly string[],
  changed: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const made = ids.map((id) => [
    [`${id}/connector.yaml`, member(id)],
    [`${id}/one.json`, sample(id)],
    [`${id}/two.json`, sample(id, 'x')],
  ]);
  return { 'shop/connector.yaml': HOST, ...Object.fromEntries(made.flat()), ...changed };
}

async function plansOf(given: Readonly<Record<string, string>>): Promise<readonly ConnectorPlan[]> {
  const { connectors, diagnostics } = await makeFolder(given).compile();
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual(
    [],
  );
  return connectors.map(({ plan }) => plan as ConnectorPlan);
}

describe('what is compiled', () => {
  test('the URL names who takes its events, and each has the security of the URL', async () => {
    const [failed, paid, shop] = await plansOf(files(['paid', 'failed']));
    expect(shop?.events).toEqual(['failed', 'paid']);
    expect(paid).toMatchObject({
      eventsOf: 'shop',
      signature: shop?.signature,
      idempotency: shop?.idempotency,
    });
    expect(failed?.events).toBeUndefined();
  });

  test('one that maps events of its own is among them', async () => {
    const own = `${member('shop').replace('eventsOf: shop\n', '')}${HOST.split('\n').at(-2)}\n`;
    const given = files(['paid'], {
      'shop/connector.yaml': own,
      'shop/one.json': sample('shop'),
      'shop/two.json': sample('shop', 'x'),
    });
    expect((await plansOf(given)).find(({ id }) => id === 'shop')?.events).toEqual(['paid', 'shop']);
  });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'a name that nobody has',
    { 'paid/connector.yaml': member('paid').replace('eventsOf: shop', 'eventsOf: shops') },
    'there is no connector "shops"; did you mean "shop"?',
  ],
  [
    'one without a URL',
    { 'paid/connector.yaml': member('paid').replace('eventsOf: shop', 'eventsOf: failed') },
    '"failed" has no URL of its own; write eventsOf: shop',
  ],
  [
    'itself',
    { 'paid/connector.yaml': member('paid').replace('eventsOf: shop', 'eventsOf: paid') },
    'leave eventsOf out',
  ],
  [
    'a URL that is not live',
    { 'shop/connector.yaml': HOST.replace('status: live\n', '') },
    'set its status to live',
  ],
  [
    'a disabled URL',
    {
      'shop/connector.yaml': HOST.replace('live', 'disabled'),
      'paid/connector.yaml': member('paid', ''),
      'failed/connector.yaml': member('failed', 'status: disabled\n'),
    },
    '"shop" is disabled, so that no event arrives',
  ],
  ['another encoding', { 'paid/connector.yaml': member('paid', 'body: form\n') }, 'write body: json'],
  [
    'an id that nobody signed',
    { 'paid/connector.yaml': member('paid', 'status: live\nidempotency: { header: x-id }\n') },
    'a header that the signature does not cover',
  ],
  [
    'security of its own',
    { 'paid/connector.yaml': member('paid', 'security: { allowIps: [203.0.113.0/24] }\n') },
    '`security` stands in that connector; remove it here',
  ],
  [
    'no conditions',
    { 'paid/connector.yaml': member('paid').replace(/when: .*\n/, '') },
    'nothing says which events of "shop" are for this connector; add when',
  ],
  [
    'a sample that two would take',
    { 'paid/connector.yaml': member('paid', '', '{ path: $.type, in: [paid, failed] }') },
    'the sample "one.json" of "failed" is for "paid" too',
  ],
])('%s is refused', async (_, changed, message) => {
  const { diagnostics } = await makeFolder(files(['paid', 'failed'], changed)).compile();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map((one) => one.message).join('\n')).toContain(message);
});

test('a URL that maps nothing and whose events nobody takes is refused', async () => {
  const { diagnostics } = await makeFolder(files([])).compile();
  expect(diagnostics.map(({ code }) => code)).toContain('events-of-invalid');
});

function send(json: unknown, connector = 'shop') {
  const raw = JSON.stringify(json);
  const time = NOW / 1000;
  const signature = createHmac('sha256', SECRET).update(`${time}.${raw}`).digest('hex');
  return makeRequest({ connector, raw, headers: { 'stripe-signature': `t=${time},v1=${signature}` } });
}

describe('who gets a request', () => {
  test('the one whose conditions hold, under its own name and flow', async () => {
    const world = makeWorld(await plansOf(files(['paid', 'failed'])));
    const outcome = await world.pipeline.handle(send({ id: 'e1', type: 'paid', user: 'u1' }));
    expect(outcome).toMatchObject({ outcome: 'delivered', connector: 'paid', mode: 'live' });
    expect(world.sent).toMatchObject([{ connector: 'paid', trigger: { variables: { kind: 'paid' } } }]);
  });

  test('nobody, where none holds', async () => {
    const world = makeWorld(await plansOf(files(['paid', 'failed'])));
    const outcome = await world.pipeline.handle(send({ id: 'e1', type: 'other', user: 'u1' }));
    expect(outcome).toMatchObject({ outcome: 'ignored', code: 'when-differs', connector: 'shop' });
  });

  test('where it cannot be told, it is held', async () => {
    const world = makeWorld(await plansOf(files(['paid', 'failed'])));
    const outcome = await world.pipeline.handle(send({ id: 'e1', kind: 'paid', user: 'u1' }));
    expect(outcome).toMatchObject({ outcome: 'held', code: 'when-missing', connector: 'failed' });
  });

  test('each pauses alone, and a hold keeps no proof of the sender', async () => {
    const world = makeWorld(await plansOf(files(['paid', 'failed'])));
    const outcome = await world.pipeline.handle(send({ id: 'e1', type: 'paid', user: { id: 7 } }));
    expect(outcome).toMatchObject({ outcome: 'held', connector: 'paid', paused: true });
    expect(world.isPaused('shop') || world.isPaused('failed')).toBe(false);
    expect(JSON.stringify(world.holds[0]?.request.headers)).not.toContain('stripe-signature');
    const other = await world.pipeline.handle(send({ id: 'e2', type: 'failed', user: 'u1' }));
    expect(other).toMatchObject({ outcome: 'delivered', connector: 'failed' });
  });

  test('a disabled one ignores its events', async () => {
    const given = files(['paid', 'failed'], { 'paid/connector.yaml': member('paid', 'status: disabled\n') });
    const world = makeWorld(await plansOf(given));
    const outcome = await world.pipeline.handle(send({ id: 'e1', type: 'paid', user: 'u1' }));
    expect(outcome).toMatchObject({ outcome: 'ignored', code: 'disabled', connector: 'paid' });
  });

  test('a window waits for what is its own', async () => {
    const given = files(['paid', 'failed'], { 'paid/connector.yaml': member('paid', '') });
    const world = makeWorld(await plansOf(given));
    world.windows.set('paid', NOW + 1000);
    await world.pipeline.handle(send({ id: 'e1', type: 'failed', user: 'u1' }));
    expect(world.captured).toHaveLength(0);
    const outcome = await world.pipeline.handle(send({ id: 'e2', type: 'paid', user: 'u1' }));
    expect(outcome).toMatchObject({ outcome: 'captured', connector: 'paid' });
  });

  test('what is unwrapped is each one’s own', async () => {
    const unwraps = member(
      'paid',
      'status: live\nunwrap: [$.data]\n',
      '{ path: $.data.type, equals: paid }',
    ).replace('$.user', '$.data.user');
    const inside = (note: object) =>
      JSON.stringify({ id: 'e', data: JSON.stringify({ type: 'paid', user: 'u1' }), ...note });
    const world = makeWorld(
      await plansOf(
        files(['paid', 'failed'], {
          'paid/connector.yaml': unwraps,
          'paid/one.json': inside({}),
          'paid/two.json': inside({ note: 'x' }),
        }),
      ),
    );
    const outcome = await world.pipeline.handle(send(JSON.parse(inside({}))));
    expect(outcome).toMatchObject({ outcome: 'delivered', connector: 'paid' });
  });

  test('without the proof nobody, and nobody by a URL of its own', async () => {
    const world = makeWorld(await plansOf(files(['paid', 'failed'])));
    const unsigned = makeRequest({ connector: 'shop', json: { id: 'e1', type: 'paid', user: 'u1' } });
    expect(await world.pipeline.handle(unsigned)).toMatchObject({ outcome: 'rejected' });
    const direct = await world.pipeline.handle(send({ id: 'e1', type: 'paid', user: 'u1' }, 'paid'));
    expect(direct).toMatchObject({ outcome: 'rejected', code: 'connector-unknown' });
  });
});
