/** The studio as a web page that other pages would like to use: each way in is a request that has to be refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTOR, SAMPLE, TestStudio } from './studio.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await new TestStudio().start();
});
afterAll(() => studio.close());

describe('who may call', () => {
  test('the page itself says nothing, and allows no other source', async () => {
    const { status, text, headers } = await studio.fetch('/studio');
    expect(status).toBe(200);
    expect(text).not.toContain(studio.token);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each([
    ['no token', { authorization: '' }],
    ['another token', { authorization: `Bearer ${'x'.repeat(32)}` }],
    ['another scheme', { authorization: 'Basic eDp5' }],
  ])('%s is 401', async (_, headers) => {
    expect((await studio.post('list', {}, headers)).status).toBe(401);
  });

  test.each([
    ['a name that resolves to this machine', { host: 'studio.evil.example:PORT' }],
    ['a name that ends like ours', { host: 'evil-localhost:PORT' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['no port', { host: '127.0.0.1' }],
    ['user information', { host: 'x@127.0.0.1:PORT' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['the origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { origin: 'null' }],
    ['our name with another scheme', { origin: 'https://127.0.0.1:PORT' }],
    ['another site without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is 403, even with the token', async (_, headers) => {
    const port = new URL(studio.origin).port;
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', port)]),
    );
    expect((await studio.post('list', {}, filled)).status).toBe(403);
    expect((await studio.fetch('/studio', { headers: filled })).status).toBe(403);
  });

  test('a preflight of another page gets no permission', async () => {
    const { status, headers } = await studio.fetch('/studio/api/save', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(403);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('what a form can send is no call', async () => {
    expect((await studio.post('list', {}, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await studio.post('list', [], {})).status).toBe(400);
    const get = { headers: { authorization: `Bearer ${studio.token}` } };
    expect((await studio.fetch('/studio/api/list', get)).status).toBe(405);
  });

  test('names of objects are no calls', async () => {
    for (const name of ['constructor', '__proto__', 'toString', '', 'list/..']) {
      expect([name, (await studio.post(name, {})).status]).toEqual([name, 404]);
    }
  });

  test('too much is refused before it is parsed', async () => {
    expect((await studio.post('draft', { text: 'x'.repeat(9_000_000) })).status).toBe(413);
  });
});

describe('what may be written', () => {
  const write = (path: string, text = 'x', name = 'shop', seen: string | null = null) =>
    studio.post('save', { name, writes: [{ path, seen, text }] });

  test.each([
    '../evil.yaml',
    'samples/../../evil.json',
    'samples/../connector.yaml',
    '/etc/passwd',
    'samples/.hidden.json',
    '.git/config',
    '.env',
    'samples/deep/er.json',
    'samples/a.yaml',
    'samples/a.json\u0000.yaml',
    'samples\\a.json',
    'cases/a.json',
    'mapping.js',
    'package.json',
    'connector.yaml/x',
    'connector.yml',
    '',
  ])('%j is not written', async (path) => {
    const { status } = await write(path);
    expect(status).toBe(403);
    expect(readdirSync(studio.root)).toEqual(['connectors']);
    expect(readdirSync(join(studio.folder, 'shop'))).toEqual(['connector.yaml', 'samples']);
  });

  test.each(['..', '.', '.git', '../connectors/shop', 'Shop', 'a/b', 'x'.repeat(70), '__proto__', 'a_b'])(
    'a connector %j is not made',
    async (name) => {
      const { status } = await write('connector.yaml', CONNECTOR, name);
      expect(status).toBe(404);
      expect(readdirSync(studio.folder)).toEqual(['shop']);
    },
  );

  test('a script is written only where the connector names it', async () => {
    const script = 'mapping:\n  script: deep/map.js\n';
    expect(
      (
        await studio.post('save', {
          name: 'scripted',
          writes: [
            { path: 'connector.yaml', seen: null, text: script },
            { path: 'deep/other.js', seen: null, text: 'x' },
          ],
        })
      ).status,
    ).toBe(403);
    expect(existsSync(join(studio.folder, 'scripted'))).toBe(false);
    const saved = await studio.call('save', {
      name: 'scripted',
      writes: [
        { path: 'connector.yaml', seen: null, text: script },
        { path: 'deep/map.js', seen: null, text: 'export default () => null\n' },
      ],
    });
    expect(saved.saved).toBe(true);
  });

  test.each([
    '../x.js',
    '.x/map.js',
    '/tmp/x.js',
    'connector.yaml',
    'a/../../x.js',
    'node_modules/.bin/x.js',
  ])('a connector that names the script %j does not open it', async (script) => {
    const text = `mapping:\n  script: ${JSON.stringify(script)}\n`;
    const { status } = await studio.post('save', {
      name: 'named',
      writes: [
        { path: 'connector.yaml', seen: null, text },
        { path: script === 'connector.yaml' ? 'other.js' : script, seen: null, text: 'x' },
      ],
    });
    expect(status).toBe(403);
    expect(existsSync(join(studio.folder, 'named'))).toBe(false);
  });

  test('links are not followed: of a folder, of a file, of the connector', async () => {
    const outside = join(studio.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret.json'), 'secret');
    studio.write('linked/connector.yaml', CONNECTOR);
    symlinkSync(outside, join(studio.folder, 'linked/samples'));
    symlinkSync(outside, join(studio.folder, 'all'));
    symlinkSync(join(outside, 'secret.json'), join(studio.folder, 'shop/samples/link.json'));
    expect((await write('samples/new.json', '{}', 'linked')).status).toBe(409);
    expect((await write('connector.yaml', CONNECTOR, 'all')).status).toBe(409);
    expect((await write('samples/link.json', '{}')).status).toBe(409);
    expect(readdirSync(outside)).toEqual(['secret.json']);
    expect(readFileSync(join(outside, 'secret.json'), 'utf8')).toBe('secret');
    expect(JSON.stringify(await studio.call('open', { name: 'linked' }))).not.toContain('secret');
    expect(JSON.stringify(await studio.call('open', { name: 'shop' }))).not.toContain('secret');
  });

  test('a file that is too large is not written', async () => {
    const { status, text } = await write('samples/large.json', 'x'.repeat(1_100_000));
    expect([status, JSON.parse(text).detail]).toEqual([
      409,
      '"samples/large.json" would be larger than 1024 KiB',
    ]);
  });
});

describe('two who write', () => {
  test('nothing is overwritten that the writer has not seen', async () => {
    studio.write('two/connector.yaml', CONNECTOR);
    studio.write('two/samples/paid.json', SAMPLE);
    const { files } = await studio.call('open', { name: 'two' });
    const seen = files.find(({ path }) => path === 'connector.yaml')?.digest ?? '';
    studio.write('two/connector.yaml', `${CONNECTOR}# theirs\n`);
    const refused = await studio.call('save', {
      name: 'two',
      writes: [
        { path: 'samples/more.json', seen: null, text: '{}' },
        { path: 'connector.yaml', seen, text: 'mine' },
      ],
    });
    expect(refused).toMatchObject({
      saved: false,
      conflicts: [{ path: 'connector.yaml', text: `${CONNECTOR}# theirs\n` }],
    });
    expect(readFileSync(join(studio.folder, 'two/connector.yaml'), 'utf8')).toBe(`${CONNECTOR}# theirs\n`);
    expect(existsSync(join(studio.folder, 'two/samples/more.json'))).toBe(false);

    const taken = await studio.call('save', {
      name: 'two',
      writes: [{ path: 'samples/paid.json', seen: null, text: '{}' }],
    });
    expect(taken).toMatchObject({ saved: false, conflicts: [{ path: 'samples/paid.json', text: SAMPLE }] });
  });

  test('nothing is left beside a file that was written', async () => {
    const { files } = await studio.call('open', { name: 'two' });
    const seen = files.find(({ path }) => path === 'connector.yaml')?.digest ?? '';
    const saved = await studio.call('save', {
      name: 'two',
      writes: [{ path: 'connector.yaml', seen, text: CONNECTOR }],
    });
    expect(saved).toMatchObject({ saved: true });
    expect(readdirSync(join(studio.folder, 'two'))).toEqual(['connector.yaml', 'samples']);
  });
});
