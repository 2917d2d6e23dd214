// Detours around the gate: histories that were made for it, other names, other places, and what a checkout changes.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gate, LIVE, SECURE, TEST, writeConnector } from './gated-connectors.ts';
import { GitRepository } from './git-repository.ts';

const OPEN_TO_ALL = SECURE.replace('  allowIps: [203.0.113.9]\n', '');

let repository: GitRepository;
beforeEach(() => {
  repository = new GitRepository();
});
afterEach(() => repository.remove());

const write = (id: string, more: string): void => writeConnector(repository, id, more);
const diff = (old: string, current: string) => gate(repository, old, current);

describe('a history that was made for the gate', () => {
  beforeEach(() => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('first');
    write('orders', `${TEST}\n${SECURE}`);
    repository.commit('second');
  });

  /** Goes live once more, without its addresses. */
  async function goLive() {
    write('orders', `${TEST}\n${OPEN_TO_ALL}`);
    repository.commit('before');
    write('orders', `${LIVE}\n${OPEN_TO_ALL}`);
    repository.commit('after');
    return diff('before', 'after');
  }

  test('many versions since then hide nothing', async () => {
    for (let number = 0; number < 25; number += 1) {
      write('orders', `${TEST}\n${SECURE}# was live, ${number}\n`);
      repository.commit('more');
    }
    const { code, failed } = await goLive();
    expect(failed).toContain('addresses-widened');
    expect(code).toBe(1);
  });

  test('a weaker live version that was never served, in a branch whose commits land one by one', async () => {
    write('orders', `${LIVE}\n${OPEN_TO_ALL}`);
    repository.commit('never-served');
    const { code, failed, report } = await goLive();
    expect(failed).toContain('addresses-widened');
    expect(JSON.stringify(report.changes)).toContain('compared with what was live before');
    expect(code).toBe(1);
  });

  test('more forms of it than are compared', async () => {
    for (let number = 0; number < 51; number += 1) {
      write('orders', `${LIVE}\n${OPEN_TO_ALL.replace('300', String(300 - number))}`);
      repository.commit('more');
    }
    const { code, failed } = await goLive();
    expect(failed).toContain('live-before-unknown');
    expect(code).toBe(1);
  });

  test('live versions that do not compile today', async () => {
    repository.git('checkout', '-q', '--orphan', 'other');
    write('orders', `${LIVE}\n${SECURE}unknownKey: 1\n`);
    repository.commit('broken');
    const { code, failed } = await goLive();
    expect(failed).toContain('live-before-unknown');
    expect(code).toBe(1);
  });

  test.each(['blob:none', 'tree:0'])('a clone without %s does not know what was live', async (filter) => {
    await goLive();
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const partial = `${repository.folder}/partial`;
    const url = `file://${repository.folder}`;
    repository.git('clone', '-q', `--filter=${filter}`, '--branch', 'after', url, partial);
    // What is compared is there, as whoever looked at it had it fetched.
    for (const file of ['connector.yaml', 'sample.json'])
      repository.git('-C', partial, 'show', `HEAD~1:connectors/orders/${file}`);
    const { code, stderr } = await repository.sluiceIn(partial, 'diff', 'HEAD~1', 'HEAD', '--gate');
    expect(stderr).toContain('the history was not fetched');
    expect(code).toBe(2);
  });
});

describe('another name', () => {
  test('a connector that was disabled goes live under another id: compared with what it was', async () => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('first');
    write('orders', `status: disabled\n${OPEN_TO_ALL}`);
    repository.commit('before');
    rmSync(`${repository.folder}/connectors/orders`, { recursive: true });
    write('purchases', `${LIVE}\n${OPEN_TO_ALL}`);
    repository.commit('after');
    const { code, failed } = await diff('before', 'after');
    expect(failed).toContain('addresses-widened');
    expect(code).toBe(1);
  });

  test.each([
    ['escapes', '"SLUICE\\x5fSECRET_OTHER"'],
    ['a block', '>-\n        SLUICE_SECRET_OTHER'],
    ['a comment before it', '# the other one\n      SLUICE_SECRET_OTHER'],
  ])('a secret of another connector, which its file writes with %s', async (_, written) => {
    const other = SECURE.replace('{ env: SLUICE_SECRET_A }', `\n      env: ${written}`);
    write('other', `${TEST}\n${other}`);
    repository.commit('before');
    write('orders', `${LIVE}\n${SECURE.replace('SECRET_A', 'SECRET_OTHER')}`);
    repository.commit('after');
    const { code, failed } = await diff('before', 'after');
    expect(failed).toContain('secret-shared');
    expect(code).toBe(1);
  });

  test('a tag that is named like the branch which it is compared with', async () => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('before');
    write('orders', `${LIVE}\n${OPEN_TO_ALL}`);
    repository.commit('after');
    repository.git('update-ref', 'refs/remotes/origin/base', 'before');
    expect(await diff('origin/base', 'after')).toMatchObject({ code: 1 });
    repository.git('tag', 'origin/base', 'after');
    for (const name of ['origin/base', 'origin/base~0', 'origin/base^{commit}']) {
      const { code, stderr } = await repository.sluice('diff', name, 'after', '--gate');
      expect(stderr).toContain('may mean "refs/remotes/origin/base" or "refs/tags/origin/base"');
      expect(code).toBe(2);
    }
    expect(await diff('refs/remotes/origin/base', 'after')).toMatchObject({ code: 1 });
  });

  test('a tag that is named like the abbreviated commit', async () => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('before');
    const short = repository.git('rev-parse', '--short=10', 'before');
    write('orders', `${LIVE}\n${OPEN_TO_ALL}`);
    repository.commit('after');
    repository.git('tag', short, 'after');
    const { code, stderr } = await repository.sluice('diff', short, 'after', '--gate');
    expect(stderr).toContain(`"${short}" may mean`);
    expect(code).toBe(2);
  });
});

describe('new and live, by a scheme of its own that could be stronger', () => {
  const SCHEME = {
    'a plain hash': ['type: hash', 'template: "[secret][payload]"'],
    'SHA-1': ['algorithm: sha1', 'template: "[payload]"'],
    'older requests than usual': [
      'timestamp: { header: x-time, tolerance: 86400 }',
      'template: "[timestamp].[payload]"',
    ],
    'requests of any age': [
      'timestamp: { header: x-time, tolerance: 0 }',
      'template: "[timestamp].[payload]"',
    ],
    'parts that run into each other': ['timestamp: { header: x-time }', 'template: "[timestamp][payload]"'],
  };
  test.each([
    ['a plain hash', 'signature-scheme-weakened'],
    ['SHA-1', 'signature-scheme-weakened'],
    ['older requests than usual', 'tolerance-widened'],
    ['requests of any age', 'replay-protection-removed'],
    ['parts that run into each other', 'signature-ambiguous'],
  ] as const)('what is new and live, and weaker than the strongest form: %s', async (name, kind) => {
    write('other', TEST);
    repository.commit('before');
    const scheme = [
      'sharedSecret: { env: SLUICE_SECRET_B }',
      'signature: { header: x-sig }',
      ...SCHEME[name],
    ];
    write('orders', `${LIVE}\nsecurity:\n  signature:\n    ${scheme.join('\n    ')}\n`);
    repository.commit('after');
    const { code, failed } = await diff('before', 'after');
    expect(failed).toContain(kind);
    expect(code).toBe(1);
  });

  test('events without identity', async () => {
    write('other', TEST);
    repository.commit('before');
    write('orders', `${LIVE}\n${SECURE}`);
    const file = 'connectors/orders/connector.yaml';
    repository.write(file, repository.read(file).replace('{ path: $.id }', 'none'));
    repository.commit('after');
    const { code, failed } = await diff('before', 'after');
    expect(failed).toContain('idempotency-removed');
    expect(code).toBe(1);
  });
});

describe('what is compared is what is built', () => {
  beforeEach(() => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('before');
  });

  test.each([
    ['ident', '.gitattributes', '* ident'],
    ['working-tree-encoding', 'connectors/.gitattributes', 'orders/*.yaml working-tree-encoding=UTF-16'],
    ['filter', 'connectors/orders/.gitattributes', '*.json filter=lfs\n'],
  ])('the attribute %s changes connectors in a checkout', async (attribute, file, text) => {
    // As a program of the commit alone could: whoever compares has none of these filters.
    repository.write(file, text);
    const object = repository.git('hash-object', '-w', '--no-filters', file);
    repository.git('update-index', '--add', '--cacheinfo', `100644,${object},${file}`);
    repository.git('commit', '-q', '-m', 'after');
    const { code, report } = await diff('before', 'HEAD');
    expect(report.diagnostics[0]).toMatchObject({ code: 'entry-refused' });
    expect(report.diagnostics[0]?.message).toContain(`the attribute ${attribute} in .gitattributes`);
    expect(code).toBe(1);
  });

  test("attributes of other files, and of line ends, are nobody's business here", async () => {
    repository.write('.gitattributes', '*.png filter=lfs\n* text=auto eol=lf\n');
    repository.commit('after');
    expect(await diff('before', 'after')).toMatchObject({ code: 0 });
  });

  test('a submodule in place of the whole folder is refused, though it has the same connectors', async () => {
    const commit = repository.git('commit-tree', '-m', 'x', repository.git('rev-parse', 'before:connectors'));
    repository.git('rm', '-r', '-q', '--cached', 'connectors');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},connectors`);
    repository.git('commit', '-q', '-m', 'after');
    const { code, stderr } = await repository.sluice('diff', 'before', 'HEAD', '--gate');
    expect(stderr).toContain('"connectors" is a submodule in the commit');
    expect(code).toBe(2);
  });
});

test('a case that is refused for another reason shows nothing any more', async () => {
  const refused = `- note: a wrong signature is refused
  now: 2026-01-01T00:00:00Z
  request: { sample: sample.json, sign: wrong, ip: 203.0.113.9 }
  want: { outcome: rejected, code: signature-mismatch }
`;
  write('orders', `${LIVE}\n${SECURE}`);
  repository.write('connectors/orders/cases/all.yaml', refused);
  repository.commit('before');
  const elsewhere = refused
    .replace('ip: 203.0.113.9', 'ip: 198.51.100.1')
    .replace(', code: signature-mismatch', '');
  repository.write('connectors/orders/cases/all.yaml', elsewhere);
  repository.commit('after');
  const { report } = await diff('before', 'after');
  expect(report.changes[0]).toMatchObject({ kind: 'case-edited', severity: 'risky' });
  expect(report.gates).toMatchObject([{ gate: 'case-removed', result: 'warn' }]);
});
