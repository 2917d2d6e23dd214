import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hmacSignature } from '../bundle/make-plan.ts';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, until } from './running.ts';

let folder: Folder;

beforeEach(() => {
  folder = new Folder();
});

afterEach(() => folder.remove());

const good = { user: 'u1', amount: 1 };
/** The mapped user is a list of objects: the connector pauses at once. */
const broken = { user: { id: 'u1' }, amount: 1 };

function writeBundle(bytes: Buffer): void {
  writeFileSync(folder.file('bundle.new'), bytes);
  renameSync(folder.file('bundle.new'), folder.file('bundle.json'));
}

function triggers(): { connector: string; mode: string; actionFlow: string }[] {
  const file = join(folder.state, 'triggers.ndjson');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a runtime', () => {
  test('delivers what fits, and says that it serves', async () => {
    writeBundle(bundleOf([planOf({ id: 'one' })], { revision: 'abc', sequence: 7 }));
    const running = await folder.start({ flags: { bundle: folder.file('bundle.json') } });
    expect(await running.post('one', good)).toMatchObject({ status: 202, body: { outcome: 'delivered' } });
    expect(triggers()).toMatchObject([{ connector: 'one', mode: 'test', actionFlow: 'BkX2pQ' }]);
    expect((await running.admin('GET', '/readyz')).status).toBe(200);
    expect((await running.admin('GET', '/status')).body).toMatchObject({
      ready: true,
      bundle: {
        revision: 'abc',
        sequence: 7,
        connectors: 1,
        source: folder.file('bundle.json'),
        lastError: null,
      },
      target: 'log',
      mode: 'live',
      workers: 1,
      state: { problems: [] },
      connectors: [
        {
          id: 'one',
          status: 'test',
          url: `${running.runtime.ingressUrl}/c/one`,
          paused: null,
          held: { total: 0, byCode: {}, oldestAt: null },
          drift: null,
          captureWindow: null,
          secretsMissing: [],
          broken: null,
        },
      ],
    });
    expect(running.announced).toEqual([]);
    expect(running.log.find(({ msg }) => msg === 'request')).toMatchObject({
      connector: 'one',
      outcome: 'delivered',
    });
    expect(JSON.stringify(running.log)).not.toContain('u1');
  });

  test('starts without a bundle, and serves the first that comes', async () => {
    const running = await folder.start({ flags: { bundle: folder.file('bundle.json') } });
    expect(running.announced).toEqual([
      'no bundle is active: every request is answered 503 until there is one',
      `problem: the bundle cannot be served: "${folder.file('bundle.json')}" does not exist`,
    ]);
    expect(await running.post('one', good)).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    expect((await running.admin('GET', '/readyz')).status).toBe(503);
    expect((await running.admin('GET', '/healthz')).status).toBe(200);
    expect(await running.runtime.status()).toMatchObject({
      ready: false,
      bundle: null,
      activation: { lastError: { code: 'bundle-missing' } },
    });
    writeBundle(bundleOf([planOf({ id: 'one' })]));
    await until(async () => (await running.runtime.status()).ready);
    expect((await running.post('one', good)).status).toBe(202);
  });

  test('goes on serving the last good bundle when a broken one comes, and says why', async () => {
    writeBundle(bundleOf([planOf({ id: 'one' })], { revision: 'good' }));
    const running = await folder.start({ flags: { bundle: folder.file('bundle.json') } });
    const tampered = bundleOf([planOf({ id: 'one' })], { revision: 'bad' });
    tampered[tampered.length - 10] = 0;
    writeBundle(tampered);
    await until(async () => (await running.runtime.status()).bundle?.lastError != null);
    expect((await running.admin('GET', '/status')).body.bundle).toMatchObject({
      revision: 'good',
      lastError: {
        code: 'bundle-digest-mismatch',
        message: expect.stringContaining('copy or build the bundle again'),
      },
    });
    expect((await running.post('one', good)).status).toBe(202);
    expect(running.log.find(({ level }) => level === 'error')).toMatchObject({
      code: 'bundle-digest-mismatch',
      serving: 'good',
    });
    writeBundle(bundleOf([planOf({ id: 'one' })], { revision: 'better' }));
    await until(async () => (await running.runtime.status()).bundle?.revision === 'better');
    expect((await running.runtime.status()).bundle?.lastError).toBeNull();
  });

  test('keeps the last good bundle over a restart, while the newest is broken or gone', async () => {
    const flags = { bundle: folder.file('bundle.json') };
    writeBundle(bundleOf([planOf({ id: 'one' })], { revision: 'good' }));
    await (await folder.start({ flags })).runtime.close();
    writeBundle(Buffer.from('not a bundle'));
    const second = await folder.start({ flags });
    expect((await second.post('one', good)).status).toBe(202);
    expect((await second.runtime.status()).bundle).toMatchObject({
      revision: 'good',
      source: 'the last good bundle, kept in the state folder',
      lastError: { code: 'bundle-manifest-invalid' },
    });
    await second.runtime.close();
    unlinkSync(folder.file('bundle.json'));
    const third = await folder.start({ flags });
    expect((await third.post('one', good)).status).toBe(202);
    expect((await third.runtime.status()).bundle?.lastError?.code).toBe('bundle-missing');
  });

  test('switches bundles under load without one failed request', async () => {
    const plans = (revision: number) => [
      planOf({ id: 'one', actionFlow: `flow-${revision}` }),
      planOf({ id: 'two', description: 'never changes' }),
    ];
    writeBundle(bundleOf(plans(0), { revision: '0' }));
    const running = await folder.start({ flags: { bundle: folder.file('bundle.json') } });
    const statuses = new Map<number, number>();
    let isOver = false;
    const sender = async (connector: string) => {
      while (!isOver) {
        const { status } = await running.post(connector, good);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const senders = ['one', 'two', 'one', 'two'].map(sender);
    for (const revision of [1, 2, 3, 4, 5]) {
      writeBundle(bundleOf(plans(revision), { revision: String(revision) }));
      await until(async () => (await running.runtime.status()).bundle?.revision === String(revision));
    }
    await until(() => triggers().some(({ actionFlow }) => actionFlow === 'flow-5'));
    isOver = true;
    await Promise.all(senders);
    expect([...statuses.keys()]).toEqual([202]);
  });

  test('names the connectors whose secret is missing, and finds the secret when it comes', async () => {
    const signature = {
      type: 'token',
      algorithm: 'sha256',
      digest: 'hex',
      secrets: [{ env: 'SLUICE_SECRET_ONE' }],
      secretEncoding: 'utf8',
      signature: { headers: ['x-token'] },
      template: [],
      handshake: [],
      covers: { body: false, headers: [], timestamp: false },
    } as const;
    const secretEnv: Record<string, string> = {};
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', signature })]), secretEnv });
    expect(running.announced).toEqual([
      'problem: the secret env:SLUICE_SECRET_ONE cannot be used (the variable is not set); connectors that answer 503 without it: one',
    ]);
    expect(await running.post('one', good)).toMatchObject({ status: 503, body: { code: 'secret-missing' } });
    expect((await running.statusOf('one')).secretsMissing).toEqual(['env:SLUICE_SECRET_ONE']);
    secretEnv.SLUICE_SECRET_ONE = 'a secret';
    expect((await running.post('one', good, { 'x-token': 'a secret' })).status).toBe(202);
    expect((await running.statusOf('one')).secretsMissing).toEqual([]);
  });

  test('says that the token of challenges is missing too', async () => {
    const verifyToken = { env: 'SLUICE_SECRET_VERIFY' };
    const signature = { ...hmacSignature, verifyToken };
    const secretEnv: Record<string, string> = { SLUICE_SECRET_TEST: 'a secret' };
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', signature })]), secretEnv });
    expect((await running.statusOf('one')).secretsMissing).toEqual(['env:SLUICE_SECRET_VERIFY']);
    secretEnv.SLUICE_SECRET_VERIFY = 'another';
    expect((await running.statusOf('one')).secretsMissing).toEqual([]);
  });

  test('sends nothing live where the deployment is for tests only', async () => {
    const live = planOf({ id: 'one', status: 'live' });
    const running = await folder.start({ bundle: bundleOf([live]), flags: { maxMode: 'test' } });
    await running.post('one', good);
    expect(triggers()).toMatchObject([{ mode: 'test' }]);
    expect((await running.runtime.status()).mode).toBe('test');
  });
});

describe('pauses and holds', () => {
  test('a request of another shape pauses its connector: logged, listed, counted, and kept over a restart', async () => {
    const bundle = bundleOf([planOf({ id: 'one' }), planOf({ id: 'two' })]);
    const first = await folder.start({ bundle });
    expect(await first.post('one', broken)).toMatchObject({
      status: 202,
      body: { outcome: 'held', code: 'shape-changed', paused: true },
    });
    const warning = first.log.find(({ level }) => level === 'warn');
    expect(warning).toMatchObject({
      connector: 'one',
      differences: [{ path: '$.user', expected: 'string', found: 'object' }],
    });
    expect((await first.post('two', good)).body.outcome).toBe('delivered');
    await first.runtime.close();
    const second = await folder.start({ bundle });
    expect(await second.statusOf('one')).toMatchObject({
      paused: { kind: 'auto', differences: [{ path: '$.user' }] },
      held: { total: 1, byCode: { 'shape-changed': 1 } },
    });
    expect((await second.post('one', good)).body).toMatchObject({ outcome: 'held', code: 'paused' });
    const { body: metrics } = await second.admin('GET', '/metrics');
    expect(metrics).toContain('sluice_connector_paused{connector="one",kind="auto"} 1');
    expect(metrics).toContain('sluice_held_requests{connector="one",code="shape-changed"} 1');
    expect(metrics).toContain('sluice_held_requests{connector="one",code="paused"} 1');
    expect(metrics).toMatch(/sluice_held_oldest_timestamp_seconds\{code="paused"\} 1\d{9}/);
    // Two of 10,000 by number; by bytes it is less.
    expect(metrics).toContain('sluice_held_quota_used_ratio{connector="one"} 0.0002');
    expect(metrics).toContain('sluice_held_total_quota_used_ratio 0.00002');
    expect(metrics).toContain('sluice_requests_total{connector="one",outcome="held",code="paused"} 1');
    expect(metrics).toMatch(/sluice_bundle_info\{revision="test",sequence="1",digest="[0-9a-f]{64}"\} 1/);
  });

  test('a fixed connector runs again, and what was held is replayed once, oldest first', async () => {
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    await running.post('one', broken);
    await running.post('one', { ...good, user: 'u2' });
    await running.post('one', { ...good, user: 'u3' });
    const fixed = planOf({
      id: 'one',
      behaviour: '2'.repeat(64),
      mapping: { kind: 'structured', targetUserIds: [{ kind: 'literal', value: 'somebody' }] },
      shape: { ...planOf({ id: 'x' }).shape!, shape: { types: ['object'] }, reads: [] },
    });
    await running.runtime.activate(bundleOf([fixed], { sequence: 2 }));
    expect((await running.statusOf('one')).paused).toBeNull();

    const { body: list } = await running.admin('GET', '/held?connector=one');
    expect(list).toMatchObject({
      total: 3,
      holds: [{ code: 'shape-changed' }, { code: 'paused' }, { code: 'paused' }],
    });
    expect(list.holds[0]).not.toHaveProperty('request');
    const [{ id }] = list.holds;
    expect((await running.admin('GET', `/held/${id}`)).body).toMatchObject({
      id,
      request: { method: 'POST' },
    });
    expect((await running.admin('GET', '/held/no-such-hold')).status).toBe(404);

    const dry = await running.admin('POST', '/held/replay', { connector: 'one', dryRun: true, by: 'ada' });
    expect(dry.body.results.map((one: { outcome: string; code: string }) => [one.outcome, one.code])).toEqual(
      Array(3).fill(['delivered', 'would-deliver']),
    );
    expect(triggers()).toEqual([]);
    const replayed = await running.admin('POST', '/held/replay', { connector: 'one', by: 'ada' });
    expect(replayed.body.results.map((one: { id: string }) => one.id)).toEqual(
      list.holds.map((one: { id: string }) => one.id),
    );
    expect(triggers()).toHaveLength(3);
    expect(
      (await running.admin('POST', '/held/replay', { connector: 'one', by: 'ada' })).body.results,
    ).toEqual([]);
    expect(
      (await running.admin('POST', '/held/replay', { ids: [id], by: 'ada' })).body.results,
    ).toMatchObject([{ id, outcome: 'refused', code: 'hold-unknown' }]);
  });

  test('an operator pauses and resumes, by name', async () => {
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    const paused = await running.admin('POST', '/connectors/one/pause', { by: 'ada', reason: 'migration' });
    expect(paused.body.paused).toMatchObject({ kind: 'manual', by: 'ada', reason: 'migration' });
    expect((await running.post('one', good)).body).toMatchObject({ outcome: 'held', code: 'paused' });
    expect((await running.admin('POST', '/connectors/one/resume', { by: 'ada' })).body).toEqual({
      connector: 'one',
      held: 1,
      wasPaused: true,
    });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
    for (const path of ['pause', 'resume']) {
      expect(await running.admin('POST', `/connectors/onne/${path}`, { by: 'ada' })).toMatchObject({
        status: 404,
        body: { detail: 'the active bundle has no connector "onne"; did you mean "one"?' },
      });
    }
    const discarded = await running.admin('POST', '/held/discard', { connector: 'one', by: 'ada' });
    expect(discarded.body).toEqual({ discarded: 1 });
    expect(running.log.filter((line) => line.by === 'ada').map(({ msg }) => msg)).toEqual([
      'an operator paused a connector',
      'an operator resumed a connector',
      'an operator discarded a held request',
    ]);
  });

  test('an overlay that cannot be read pauses everything until all is resumed', async () => {
    mkdirSync(folder.state, { recursive: true });
    writeFileSync(join(folder.state, 'overlay.json'), '{ torn');
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    expect((await running.post('one', good)).body).toMatchObject({ outcome: 'held', code: 'paused' });
    expect((await running.statusOf('one')).paused).not.toBeNull();
    expect((await running.admin('GET', '/metrics')).body).toContain('sluice_everything_paused 1');
    expect((await running.admin('POST', '/resume', { by: 'ada' })).body).toEqual({ held: 1 });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
  });

  test('what is held for a connector that is gone is said', async () => {
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    await running.post('one', broken);
    await running.runtime.activate(bundleOf([planOf({ id: 'two' })]));
    expect((await running.runtime.status()).state.problems).toEqual([
      '1 request is held for "one", which the bundle does not have: `sluice held list --connector one`',
    ]);
  });
});

describe('test cards and samples', () => {
  test('a test card is sent from a sample, to whom it may concern', async () => {
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', status: 'live' })]) });
    const sample = { headers: {}, body: JSON.stringify(good) };
    const sent = await running.admin('POST', '/connectors/one/send', { sample, to: 'ada' });
    expect(sent.body).toMatchObject({
      outcome: 'delivered',
      code: 'delivered',
      triggers: [{ mode: 'test', trigger: { targetUserIds: ['ada'] }, flowInvocationId: expect.any(String) }],
    });
    expect(triggers()).toMatchObject([{ connector: 'one', mode: 'test' }]);
    const failed = await running.admin('POST', '/connectors/one/send', {
      sample: { headers: {}, body: '{}' },
    });
    expect(failed.body).toMatchObject({
      outcome: 'held',
      code: 'shape-changed',
      message: expect.stringContaining('$.user'),
    });
    expect((await running.admin('POST', '/connectors/other/send', { sample })).status).toBe(404);
  });

  test('the next request becomes a sample while a window is open', async () => {
    const running = await folder.start({
      bundle: bundleOf([planOf({ id: 'one' }), planOf({ id: 'off', status: 'disabled' })]),
    });
    const path = '/connectors/one/capture';
    expect((await running.admin('GET', path)).body).toEqual({ window: null, latest: null });
    const opened = await running.admin('POST', path, { seconds: 60 });
    expect(opened.body).toEqual({ url: `${running.runtime.ingressUrl}/c/one`, endsAt: expect.any(Number) });
    expect((await running.admin('GET', path)).body.window).toEqual({ endsAt: opened.body.endsAt });
    expect(await running.post('one', '{"id":12345678901234567890}', { 'x-kind': 'a' })).toMatchObject({
      status: 202,
      body: { outcome: 'captured' },
    });
    expect((await running.admin('GET', path)).body).toMatchObject({
      window: null,
      latest: { name: expect.stringMatching(/^one-/), sample: { headers: { 'x-kind': 'a' } } },
    });
    await running.admin('POST', path, { seconds: 60 });
    expect((await running.admin('DELETE', path)).status).toBe(200);
    expect((await running.admin('GET', path)).body.window).toBeNull();
    expect((await running.admin('POST', '/connectors/off/capture', { seconds: 60 })).status).toBe(409);
    expect((await running.admin('POST', '/connectors/other/capture', { seconds: 60 })).status).toBe(404);
  });
});

describe('what keeps a runtime from starting', () => {
  test('another runtime on its state folder', async () => {
    await folder.start({ bundle: null });
    expect(await folder.tryStart({ bundle: null })).toMatchObject({
      code: 'state-unavailable',
      message: expect.stringContaining(folder.state),
    });
  });

  test.each([
    ['port', '--port'],
    ['adminPort', '--admin-port'],
  ])('a %s that is in use; the state folder is free again', async (name, flag) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    expect(await folder.tryStart({ bundle: null, flags: { [name]: String(port) } })).toMatchObject({
      code: 'port-in-use',
      message: `port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with ${flag}`,
    });
    taken.close();
    await folder.start({ bundle: null });
  });

  test('an address that this machine does not have', async () => {
    expect(await folder.tryStart({ bundle: null, flags: { host: '192.0.2.1' } })).toMatchObject({
      code: 'host-unavailable',
    });
  });

  test('no bundle to serve', async () => {
    expect(await folder.tryStart()).toMatchObject({ code: 'bundle-unset' });
  });

  test('a state folder that is none', async () => {
    writeFileSync(folder.state, 'a file');
    expect(await folder.tryStart({ bundle: null })).toMatchObject({ code: 'state-unavailable' });
  });
});

describe('the admin token', () => {
  test('is made up and left in the state folder, for its owner alone', async () => {
    const running = await folder.start({ bundle: null });
    const file = join(folder.state, 'admin-token');
    expect(readFileSync(file, 'utf8').trim()).toBe(running.runtime.adminToken);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await running.runtime.close();
    const again = await folder.start({ bundle: null });
    expect(again.runtime.adminToken).not.toBe(running.runtime.adminToken);
  });

  test.each([
    [
      'admin-token.partial',
      /cannot be written to ".*admin-token" \(\w+\): the one that is there stays valid$/,
    ],
    [
      'admin-token',
      /cannot be written to ".*admin-token" \(\w+\): the admin API answers nobody; set SLUICE_ADMIN_TOKEN/,
    ],
  ])('that cannot be written (%s is in the way) keeps nobody from serving', async (name, said) => {
    const before = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    await before.runtime.close();
    rmSync(join(folder.state, name), { force: true });
    mkdirSync(join(folder.state, name, 'in-the-way'), { recursive: true });
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
    expect(running.announced).toContainEqual(expect.stringMatching(said));
    expect(running.runtime.adminToken === before.runtime.adminToken).toBe(name !== 'admin-token');
    expect((await running.post('one', good)).status).toBe(202);
  });

  test.each([
    ['a link to a file', 'is a symbolic link'],
    ['a link to nothing', 'is a symbolic link'],
    ['a pipe', 'is no file: remove it'],
  ])('has its place taken by %s: the folder is refused, and nothing is written', async (what, said) => {
    const file = join(folder.state, 'admin-token');
    const elsewhere = join(folder.state, '../elsewhere');
    await (await folder.start({ bundle: null })).runtime.close();
    rmSync(file);
    if (what === 'a link to a file') writeFileSync(elsewhere, 'of somebody else\n');
    if (what === 'a pipe') execFileSync('mkfifo', [file]);
    else symlinkSync(elsewhere, file);
    const refused = await folder.tryStart({ bundle: null });
    expect(refused).toMatchObject({ code: 'state-unavailable', message: expect.stringContaining(said) });
    expect(refused).toMatchObject({ message: expect.stringContaining(file) });
    if (what === 'a link to a file') expect(readFileSync(elsewhere, 'utf8')).toBe('of somebody else\n');
    else expect(existsSync(elsewhere)).toBe(false);
  });

  test('has its place taken by a second name of another file: that file stays as it is', async () => {
    const file = join(folder.state, 'admin-token');
    const elsewhere = join(folder.state, '../elsewhere');
    await (await folder.start({ bundle: null })).runtime.close();
    rmSync(file);
    writeFileSync(elsewhere, 'of somebody else\n', { mode: 0o600 });
    linkSync(elsewhere, file);
    const { runtime } = await folder.start({ bundle: null });
    expect(readFileSync(elsewhere, 'utf8')).toBe('of somebody else\n');
    expect(readFileSync(file, 'utf8').trim()).toBe(runtime.adminToken);
  });

  test('of an earlier start is not taken over when others could read it', async () => {
    const before = await folder.start({ bundle: null });
    await before.runtime.close();
    chmodSync(join(folder.state, 'admin-token'), 0o644);
    mkdirSync(join(folder.state, 'admin-token.partial', 'in-the-way'), { recursive: true });
    const running = await folder.start({ bundle: null });
    expect(running.runtime.adminToken).not.toBe(before.runtime.adminToken);
  });

  test('is the configured one, and then in no file', async () => {
    await (await folder.start({ bundle: null })).runtime.close();
    const running = await folder.start({
      bundle: null,
      env: { SLUICE_ADMIN_TOKEN: 'a-token-of-some-length' },
    });
    expect(running.runtime.adminToken).toBe('a-token-of-some-length');
    expect(existsSync(join(folder.state, 'admin-token'))).toBe(false);
    expect(JSON.stringify(running.log)).not.toContain('a-token-of-some-length');
  });
});
