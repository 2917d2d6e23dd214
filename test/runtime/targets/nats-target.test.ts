import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTrigger, never } from '../../../src/runtime/targets/example-trigger.ts';
import { createNatsTarget } from '../../../src/runtime/targets/nats-target.ts';
import { findTarget, TARGET_SETTINGS } from '../../../src/runtime/targets/targets.ts';
import { describeTarget } from '../../conformance/target.ts';
import { NATS_SERVER, type NatsServer, startNatsServer } from './nats-server.ts';

const STREAM = { name: 'triggers', subjects: ['sluice.>'] };

interface Stored {
  readonly subject: string;
  readonly value: {
    readonly flowInvocationId: string;
    readonly trigger: { readonly targetUserIds: readonly string[] };
  };
}

async function messages({ streams }: NatsServer): Promise<readonly Stored[]> {
  const { state } = await streams.streams.info(STREAM.name);
  const found: Stored[] = [];
  for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq += 1) {
    const message = await streams.streams.getMessage(STREAM.name, { seq });
    if (message !== null) found.push({ subject: message.subject, value: message.json<Stored['value']>() });
  }
  return found;
}

async function open(token: string | null = null) {
  const server = await startNatsServer(token === null ? [] : ['--auth', token]);
  const target = createNatsTarget({ servers: [server.url], prefix: 'sluice', token, name: 'sluice/1.2.3' });
  return { server, target };
}

describe.skipIf(NATS_SERVER === null)('with a server', () => {
  describeTarget('nats', async () => {
    const { server, target } = await open();
    await server.streams.streams.add(STREAM);
    return {
      target,
      secrets: ['very-secret-token'],
      arrived: async () =>
        (await messages(server)).map(({ subject, value }) => ({
          flowInvocationId: value.flowInvocationId,
          mode: subject.split('.')[1] ?? '',
          targetUserIds: value.trigger.targetUserIds,
        })),
      behave: async (as) => {
        if (as === 'fail') await server.streams.streams.delete(STREAM.name);
        server.signal(as === 'stall' ? 'SIGSTOP' : 'SIGCONT');
        if (as === 'work') await server.streams.streams.add(STREAM).catch(() => {});
      },
      stalled: async () => {},
      close: () => server.close(),
    };
  });

  test('what the stream has already is taken, and stored once', async () => {
    const { server, target } = await open();
    onTestFinished(async () => {
      await target.close();
      await server.close();
    });
    await server.streams.streams.add(STREAM);
    for (let time = 0; time < 3; time += 1)
      expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
    expect((await messages(server)).map(({ subject }) => subject)).toEqual(['sluice.live.BkX2pQ']);
  });

  test('without a stream it is a hold, and a trigger that is too long is none', async () => {
    const { server, target } = await open();
    onTestFinished(async () => {
      await target.close();
      await server.close();
    });
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: true,
      reason: 'NATS has no stream for the subject, or the stream has no leader at the moment',
    });
    await server.streams.streams.add({ ...STREAM, max_msg_size: 100 });
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: false,
      reason: 'NATS takes no message of that size',
    });
  });
});

test('a server that is not there is asked again by the next trigger', async () => {
  const target = createNatsTarget({
    servers: ['nats://127.0.0.1:9'],
    prefix: 'sluice',
    token: null,
    name: 's',
  });
  const unreachable = { ok: false, retry: true, reason: 'NATS could not be reached' };
  expect(await target.send(makeTrigger(), never())).toEqual(unreachable);
  expect(await target.send(makeTrigger(), never())).toEqual(unreachable);
  await target.close();
});

test.each([
  [{ natsServers: 'http://example.com' }, /^a server of the nats target is no nats/],
  [{ natsServers: 'nope' }, /^a server of the nats target is not a URL/],
  [{ natsServers: 'nats://user:pass@a:1' }, /holds credentials/],
  [{ natsServers: 'nats://a:1', natsSubject: 'a.*' }, /^the subject "a\.\*"/],
])('%j is refused', (values, problem) => {
  const nothing = Object.fromEntries(Object.keys(TARGET_SETTINGS).map((name) => [name, null]));
  const opened = findTarget('nats').open({ ...nothing, ...values } as never, {
    stateDir: '/',
    announce: () => {},
    userAgent: 's',
  });
  expect(opened).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
});
