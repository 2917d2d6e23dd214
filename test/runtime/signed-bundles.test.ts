import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BundleOrigin } from '../../src/bundle/codec.ts';
import { generateSigningKey, readSigningKey, signBundle } from '../../src/bundle/signing.ts';
import { readConfig } from '../../src/runtime/config/config.ts';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, type Running, until } from './running.ts';

const good = { user: 'u1', amount: 1 };
const ada = generateSigningKey();
const bob = generateSigningKey();

function signedBy({ privateKey }: typeof ada, origin: Partial<BundleOrigin>, id = 'one'): Buffer {
  const key = readSigningKey(privateKey);
  if (!key.ok) throw new Error(key.message);
  return signBundle(bundleOf([planOf({ id })], origin), key.value);
}

let folder: Folder;

beforeEach(() => {
  folder = new Folder();
  writeFileSync(folder.file('ada.pub'), ada.publicKey);
  writeFileSync(folder.file('bob.pub'), bob.publicKey);
});

afterEach(() => folder.remove());

function writeBundle(bytes: Buffer): void {
  writeFileSync(folder.file('bundle.new'), bytes);
  renameSync(folder.file('bundle.new'), folder.file('bundle.json'));
}

/** Serves bundle.json, and trusts Ada. */
function start(flags: Readonly<Record<string, string>> = {}): Promise<Running> {
  return folder.start({
    flags: { bundle: folder.file('bundle.json'), trustedKeys: folder.file('ada.pub'), ...flags },
  });
}

async function codeOf(running: Running): Promise<string | null> {
  return (await running.runtime.status()).activation.lastError?.code ?? null;
}

async function revisionOf(running: Running): Promise<string | null> {
  return (await running.runtime.status()).bundle?.revision ?? null;
}

const seven = { revision: 'seven', sequence: 7 };

describe('a runtime without trusted keys', () => {
  test('serves what is signed by anybody, and what nobody signed', async () => {
    const running = await folder.start({ bundle: signedBy(bob, seven) });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
    expect((await running.runtime.activate(bundleOf([planOf({ id: 'two' })]))).ok).toBe(true);
    expect((await running.post('two', good)).body.outcome).toBe('delivered');
  });

  test('takes older bundles too, and remembers nothing that would lock out signed ones', async () => {
    const huge = { revision: 'huge', sequence: 999_999 };
    writeBundle(bundleOf([planOf({ id: 'one' })], huge));
    const flags = { bundle: folder.file('bundle.json') };
    const first = await folder.start({ flags });
    expect((await first.runtime.activate(bundleOf([planOf({ id: 'one' })], seven))).ok).toBe(true);
    await first.runtime.close();
    writeBundle(signedBy(ada, seven));
    const second = await start();
    expect(await codeOf(second)).toBeNull();
    expect(await revisionOf(second)).toBe('seven');
  });
});

describe('a runtime with trusted keys', () => {
  test('serves what one of them signed, and says in the log which it trusts', async () => {
    writeFileSync(folder.file('both.pub'), `${bob.publicKey}${ada.publicKey}`);
    writeBundle(signedBy(ada, seven));
    const running = await start({ trustedKeys: folder.file('both.pub') });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
    expect(running.announced).toEqual([]);
    expect(running.log[0]).toMatchObject({ config: { 'trusted-keys': `${bob.id}, ${ada.id}` } });
    expect((await running.admin('GET', '/metrics')).body).not.toContain('sluice_bundle_problem{');
  });

  test('learns of other keys when it is told to reload, and not before', async () => {
    writeBundle(signedBy(ada, seven));
    const running = await start();
    writeBundle(signedBy(bob, { revision: 'eight', sequence: 8 }));
    await until(async () => (await codeOf(running)) !== null);
    const read = readConfig({ trustedKeys: folder.file('bob.pub') }, {});
    if (!read.ok) throw new Error(read.problems.join());
    await running.runtime.reload(read.config);
    expect(await revisionOf(running)).toBe('eight');
  });

  const tampered = signedBy(ada, { revision: 'next', sequence: 8 });
  tampered.write('X', tampered.indexOf('BkX2pQ'));
  const torn = signedBy(ada, { revision: 'next', sequence: 8 }).subarray(0, -1);

  test.each<[string, Buffer, RegExp]>([
    ['bundle-unsigned', bundleOf([planOf({ id: 'two' })], { sequence: 8 }), /is not signed/],
    ['bundle-key-unknown', signedBy(bob, { sequence: 8 }, 'two'), RegExp(`${bob.id}; trusted are ${ada.id}`)],
    ['bundle-signature-mismatch', tampered, /was changed after it was signed/],
    ['bundle-signature-invalid', torn, /signature line cannot be read/],
    [
      'bundle-sequence-lower',
      signedBy(ada, { sequence: 6 }, 'two'),
      /^the sequence 6 is lower than 7, .*to roll back, sign the old content .*`sluice sign <bundle> --sequence 8`$/,
    ],
    [
      'bundle-sequence-taken',
      signedBy(ada, { sequence: 7 }, 'two'),
      /^other content was served here under the sequence 7: .*--sequence 8`$/,
    ],
    // Verified before anything is read: not even whether it is a bundle.
    ['bundle-unsigned', Buffer.from('no bundle'), /is not signed/],
  ])('refuses with %s, and goes on serving the one before', async (code, bytes, message) => {
    writeBundle(signedBy(ada, seven));
    const running = await start();
    writeBundle(bytes);
    await until(async () => (await codeOf(running)) !== null);
    const { body: status } = await running.admin('GET', '/status');
    expect(status).toMatchObject({
      ready: true,
      bundle: {
        revision: 'seven',
        sequence: 7,
        lastError: { code, message: expect.stringMatching(message) },
      },
    });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
    expect((await running.post('two', good)).status).toBe(404);
    const { body: metrics } = await running.admin('GET', '/metrics');
    expect(metrics).toContain(`sluice_bundle_problem{code="${code}"} 1`);
    expect(metrics).toContain('sluice_bundle_ok 0');
    expect(metrics).toContain('sluice_bundle_activations_total{result="refused"} 1');
    expect(running.log.find(({ level }) => level === 'error')).toMatchObject({ code, serving: 'seven' });

    writeBundle(signedBy(ada, { revision: 'nine', sequence: 9 }));
    await until(async () => (await revisionOf(running)) === 'nine');
    expect(await codeOf(running)).toBeNull();
  });

  test('serves nothing when there never was a bundle to trust', async () => {
    writeBundle(bundleOf([planOf({ id: 'one' })]));
    const running = await start();
    expect(running.announced).toEqual([
      'no bundle is active: every request is answered 503 until there is one',
      'problem: the bundle cannot be served: the bundle is not signed: sign it with `sluice sign`',
    ]);
    expect((await running.post('one', good)).status).toBe(503);
  });

  test('holds what the program around it hands over to the same rules, one after the other', async () => {
    const running = await folder.start({ bundle: null, flags: { trustedKeys: folder.file('ada.pub') } });
    const { runtime } = running;
    const given = [
      bundleOf([planOf({ id: 'one' })]),
      signedBy(ada, seven),
      signedBy(ada, seven),
      signedBy(ada, { sequence: 8 }),
      signedBy(ada, seven),
    ];
    const results = await Promise.all(given.map((bytes) => runtime.activate(bytes)));
    expect(results.map((result) => (result.ok ? 'ok' : result.code))).toEqual([
      'bundle-unsigned',
      'ok',
      'ok',
      'ok',
      'bundle-sequence-lower',
    ]);
  });

  test('goes back to old content that is signed under a higher sequence', async () => {
    const running = await folder.start({ bundle: null, flags: { trustedKeys: folder.file('ada.pub') } });
    for (const [id, sequence] of [
      ['one', 7],
      ['two', 8],
      ['one', 9],
    ] as const)
      expect((await running.runtime.activate(signedBy(ada, { sequence }, id))).ok).toBe(true);
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
    expect((await running.post('two', good)).status).toBe(404);
  });
});

describe('over a restart', () => {
  async function serveOnce(bytes: Buffer): Promise<void> {
    writeBundle(bytes);
    const running = await start();
    expect(await codeOf(running)).toBeNull();
    await running.runtime.close();
  }

  test('the same bundle is served again', async () => {
    await serveOnce(signedBy(ada, seven));
    await serveOnce(signedBy(ada, seven));
  });

  test.each<[string, Buffer]>([
    ['bundle-sequence-lower', signedBy(ada, { revision: 'six', sequence: 6 })],
    ['bundle-sequence-taken', signedBy(ada, { revision: 'other', sequence: 7 }, 'two')],
    ['bundle-unsigned', bundleOf([planOf({ id: 'two' })], { sequence: 8 })],
  ])('another is refused with %s, and the last good one serves', async (code, bytes) => {
    await serveOnce(signedBy(ada, seven));
    writeBundle(bytes);
    const running = await start();
    expect(await codeOf(running)).toBe(code);
    expect((await running.runtime.status()).bundle).toMatchObject({
      revision: 'seven',
      source: 'the last good bundle, kept in the state folder',
    });
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
  });

  test.each<[string, () => Buffer]>([
    ['unsigned', () => bundleOf([planOf({ id: 'one' })], seven)],
    ['of a key that is not trusted', () => signedBy(bob, seven)],
    ['older than what was served', () => signedBy(ada, { sequence: 6 })],
    ['of the same sequence with other content', () => signedBy(ada, seven, 'two')],
    ['changed by one bit', () => flip(signedBy(ada, seven))],
  ])('a last good copy that is %s is not served', async (_, copy) => {
    await serveOnce(signedBy(ada, seven));
    writeFileSync(join(folder.state, 'last-good-bundle.json'), copy());
    unlinkSync(folder.file('bundle.json'));
    const running = await start();
    expect((await running.post('one', good)).status).toBe(503);
    expect(running.log.map(({ msg }) => msg)).toContain('the last good bundle cannot be served either');
  });

  function flip(bytes: Buffer): Buffer {
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] as number) ^ 1;
    return bytes;
  }

  test('a last good copy that is newer than what is on record is served, and goes on record', async () => {
    // As it is left when the process ends between writing the two.
    mkdirSync(folder.state, { recursive: true });
    writeFileSync(join(folder.state, 'sequence.json'), '{"format":1,"highest":6}\n');
    writeFileSync(join(folder.state, 'last-good-bundle.json'), signedBy(ada, seven));
    const running = await start();
    expect(await revisionOf(running)).toBe('seven');
    const record = JSON.parse(readFileSync(join(folder.state, 'sequence.json'), 'utf8'));
    expect(record).toMatchObject({ highest: 7, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await running.runtime.activate(signedBy(ada, { sequence: 6 }))).toMatchObject({
      code: 'bundle-sequence-lower',
    });
  });

  test.each([
    ['is empty', ''],
    ['is no JSON', '{"format":1,"hig'],
    ['was set back', '{"format":1,"highest":2}\n'],
    ['is gone', null],
  ])('a record of the highest sequence that %s lets no older bundle in', async (_, record) => {
    mkdirSync(folder.state, { recursive: true, mode: 0o700 });
    if (record !== null) writeFileSync(join(folder.state, 'sequence.json'), record);
    writeFileSync(join(folder.state, 'last-good-bundle.json'), signedBy(ada, seven));
    writeBundle(signedBy(ada, { revision: 'five', sequence: 5 }));
    const running = await start();
    expect(await codeOf(running)).toBe('bundle-sequence-lower');
    expect(await revisionOf(running)).toBe('seven');
    const { problems } = (await running.runtime.status()).state;
    const isUnreadable = record === '' || record === '{"format":1,"hig';
    expect(problems).toEqual(isUnreadable ? [expect.stringContaining('sequence.json cannot be read')] : []);
    const logged = running.log.filter(({ msg }) => msg === 'the state folder has a problem');
    expect(logged).toHaveLength(isUnreadable ? 1 : 0);
  });

  test('what was served unsigned before is not served once there are trusted keys', async () => {
    writeBundle(bundleOf([planOf({ id: 'one' })], seven));
    await (await folder.start({ flags: { bundle: folder.file('bundle.json') } })).runtime.close();
    expect((await (await start()).post('one', good)).status).toBe(503);
  });

  test('a key that is trusted no longer ends what it signed', async () => {
    await serveOnce(signedBy(ada, seven));
    const running = await start({ trustedKeys: folder.file('bob.pub') });
    expect(await codeOf(running)).toBe('bundle-key-unknown');
    expect((await running.post('one', good)).status).toBe(503);
    await running.runtime.activate(signedBy(bob, { sequence: 8 }));
    expect((await running.post('one', good)).body.outcome).toBe('delivered');
  });

  test('a sequence that cannot be written is said, and still holds until the end', async () => {
    writeBundle(signedBy(ada, seven));
    const running = await start();
    rmSync(join(folder.state, 'sequence.json'));
    mkdirSync(join(folder.state, 'sequence.json', 'in-the-way'), { recursive: true });
    expect((await running.runtime.activate(signedBy(ada, { sequence: 8 }))).ok).toBe(true);
    expect(running.log.map(({ msg }) => msg)).toContain(
      'the bundle is served, but its sequence is not on record',
    );
    expect((await running.runtime.status()).state.problems).toEqual([
      expect.stringContaining('after a restart an older bundle would be accepted'),
    ]);
    expect(await running.runtime.activate(signedBy(ada, seven))).toMatchObject({
      code: 'bundle-sequence-lower',
    });
  });
});

test('workers serve what the owner verified, and nothing else', async () => {
  const running = await folder.start({
    bundle: signedBy(ada, seven),
    flags: { workers: '2', trustedKeys: folder.file('ada.pub'), logLevel: 'warn' },
  });
  const post = (id: string) => running.post(id, good, { connection: 'close' });
  for (let sent = 0; sent < 6; sent += 1) expect((await post('one')).body.outcome).toBe('delivered');
  expect((await running.runtime.activate(signedBy(bob, { sequence: 8 }, 'two'))).ok).toBe(false);
  for (let sent = 0; sent < 6; sent += 1) expect((await post('two')).status).toBe(404);
  expect((await running.runtime.activate(signedBy(ada, { sequence: 8 }, 'two'))).ok).toBe(true);
  for (let sent = 0; sent < 6; sent += 1) expect((await post('two')).body.outcome).toBe('delivered');
});

describe('the file of trusted keys', () => {
  const advice = 'name a file of public keys, such as the .pub file that `sluice keys` writes';
  const problems = (path: string) => {
    const read = readConfig({}, { SLUICE_TRUSTED_KEYS: path });
    return read.ok ? [] : read.problems;
  };

  test.each<[string, string | null, string]>([
    ['is not there', null, 'cannot be read (ENOENT)'],
    ['holds no key', 'hello', 'holds no public key in PEM'],
    ['holds a private key', ada.privateKey, 'holds a private key'],
    ['holds the same key twice', ada.publicKey + ada.publicKey, `holds the key ${ada.id} twice`],
    ['is too large', ' '.repeat(1024 * 1024 + 1), 'is larger than 1 MiB'],
  ])('keeps the runtime from starting when it %s', (_, content, fact) => {
    const path = folder.file('keys');
    if (content !== null) writeFileSync(path, content);
    expect(problems(path)).toEqual([`--trusted-keys (SLUICE_TRUSTED_KEYS) "${path}" ${fact}: ${advice}`]);
  });

  test('is read at the start alone', async () => {
    writeBundle(signedBy(ada, seven));
    const running = await start();
    writeFileSync(folder.file('ada.pub'), bob.publicKey);
    expect(await running.runtime.activate(signedBy(bob, { sequence: 8 }))).toMatchObject({
      code: 'bundle-key-unknown',
    });
    expect((await running.runtime.activate(signedBy(ada, { sequence: 8 }))).ok).toBe(true);
  });
});
