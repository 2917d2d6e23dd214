// What a gate that looks at one step, at plans, or at files alone would let through.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connector, gate, LIVE, SECURE, TEST, writeConnector } from './gated-connectors.ts';
import { GitRepository } from './git-repository.ts';

let repository: GitRepository;
beforeEach(() => {
  repository = new GitRepository();
});
afterEach(() => repository.remove());

const WEAK = SECURE.replace('  allowIps: [203.0.113.9]\n', '')
  .replace('tolerance: 300', 'tolerance: 86400')
  .replace('SLUICE_SECRET_A', 'SLUICE_SECRET_OTHER');

const write = (id: string, more: string): void => writeConnector(repository, id, more);
const diff = (old: string, current: string) => gate(repository, old, current);

describe('weakened while it is not live, and back', () => {
  beforeEach(() => {
    write('other', `${TEST}\n${SECURE.replace('SLUICE_SECRET_A', 'SLUICE_SECRET_OTHER')}`);
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('first');
  });

  test.each([
    ['a test', () => write('orders', `${TEST}\n${SECURE}`)],
    ['disabled', () => write('orders', `status: disabled\n${SECURE}`)],
    [
      'deleted',
      () => {
        write('orders', `status: disabled\n${SECURE}`);
        repository.commit('disabled');
        repository.git('rm', '-r', '-q', 'connectors/orders');
      },
    ],
    [
      'a test, and changed on a branch that is merged',
      () => {
        repository.git('checkout', '-q', '-b', 'branch');
        write('orders', `${TEST}\n${SECURE}`);
        repository.commit('on-branch');
        repository.git('checkout', '-q', 'first');
        repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'on-branch');
      },
    ],
  ] as const)('the gate sees the sum: %s', async (_, takeBack) => {
    takeBack();
    repository.commit('second');
    write('orders', `${TEST}\n${WEAK}`);
    repository.commit('third');
    write('orders', `${LIVE}\n${WEAK}`);
    repository.commit('fourth');
    const { code, failed, report } = await diff('third', 'fourth');
    for (const kind of ['addresses-widened', 'tolerance-widened', 'secret-shared'])
      expect(failed).toContain(kind);
    expect(JSON.stringify(report.changes)).toContain('compared with what was live last');
    expect(code).toBe(1);
  });

  test('a history that was not fetched is no excuse', async () => {
    write('orders', `${TEST}\n${WEAK}`);
    repository.commit('second');
    write('orders', `${LIVE}\n${WEAK}`);
    repository.commit('third');
    const shallow = join(repository.folder, 'shallow');
    repository.git(
      'clone',
      '-q',
      '--depth',
      '2',
      '--branch',
      'third',
      `file://${repository.folder}`,
      shallow,
    );
    const { code, stderr } = await repository.sluiceIn(shallow, 'diff', 'HEAD~1', 'HEAD', '--gate');
    expect(stderr).toContain('the history was not fetched');
    expect(code).toBe(2);
  });

  test('as strong as it was, it passes; weaker with a new reason, it is acknowledged', async () => {
    write('orders', `${TEST}\n${SECURE}`);
    repository.commit('second');
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('same');
    expect(await diff('second', 'same')).toMatchObject({ code: 0, failed: '' });
    write('orders', `${LIVE}\n${WEAK}  weakened: "the gateway in front checks addresses and age"\n`);
    repository.commit('reasoned');
    const { code, report } = await diff('second', 'reasoned');
    expect(report.gates).toMatchObject([{ result: 'acknowledged' }]);
    expect(code).toBe(0);
  });
});

describe('what was never live is judged by its strongest form', () => {
  const OPEN = 'security: { unauthenticated: "because we say so" }\n';

  test.each([
    ['new and open', null, OPEN, 'unauthenticated-live'],
    ['a test before, and open', OPEN, OPEN, 'unauthenticated-live'],
    ['with the secret of another connector', null, SECURE.replace('_A', '_OTHER'), 'secret-shared'],
    [
      'older requests than its preset takes',
      null,
      'security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_S }, timestamp: { tolerance: 86400 } } }\n',
      'tolerance-widened',
    ],
  ] as const)('%s', async (_, before, after, kind) => {
    write('other', `${TEST}\n${SECURE.replace('_A', '_OTHER')}`);
    if (before !== null) write('orders', `${TEST}\n${before}`);
    repository.commit('before');
    write('orders', `${LIVE}\n${after}`);
    repository.commit('after');
    const { code, failed } = await diff('before', 'after');
    expect(failed).toContain(kind);
    expect(code).toBe(1);
  });

  test('a strong one passes, and so does one whose file says why it is weaker', async () => {
    write('other', TEST);
    repository.commit('before');
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('strong');
    expect(await diff('before', 'strong')).toMatchObject({ code: 0, failed: '' });
    write(
      'orders',
      `${LIVE}\nsecurity: { unauthenticated: "loopback only", weakened: "a lab on loopback" }\n`,
    );
    repository.commit('reasoned');
    expect(await diff('before', 'reasoned')).toMatchObject({ code: 0, failed: '' });
  });
});

describe('renamed while flow, shape and secret change', () => {
  const rename = (security: string): void => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.commit('before');
    repository.git('rm', '-r', '-q', 'connectors/orders');
    const other = connector('shop', `${LIVE}\n${security}`)
      .replace('F1', 'F2')
      .replace('$.user', '$.customer');
    repository.write('connectors/shop/connector.yaml', other);
    repository.write('connectors/shop/sample.json', '{"id":"e","customer":"u","more":1}\n');
    repository.commit('after');
  };

  test('the old one is a breaking loss, and the new one is judged by its strongest form', async () => {
    rename('security: { unauthenticated: "because we say so" }\n');
    const { code, kinds, failed, report } = await diff('before', 'after');
    expect(kinds).toEqual(
      expect.arrayContaining(['connector-removed', 'connector-added', 'unauthenticated-live']),
    );
    expect(report.changes.find(({ kind }) => kind === 'connector-removed')).toMatchObject({
      severity: 'breaking',
    });
    expect(failed).toContain('unauthenticated-live');
    expect(code).toBe(1);
  });

  test('one thing that stays is enough to compare it with what it was', async () => {
    rename(WEAK.replace('SLUICE_SECRET_OTHER', 'SLUICE_SECRET_A'));
    const { code, failed } = await diff('before', 'after');
    for (const kind of ['addresses-widened', 'tolerance-widened']) expect(failed).toContain(kind);
    expect(code).toBe(1);
  });
});

describe('files that no plan shows', () => {
  const REFUSED = `- note: a wrong signature is refused
  now: 2026-01-01T00:00:00Z
  request: { sample: sample.json, sign: wrong }
  want: { outcome: rejected, code: signature-mismatch }
`;
  const DELIVERED = `- note: a genuine one makes a card
  now: 2026-01-01T00:00:00Z
  request: { sample: sample.json, sign: genuine, ip: 203.0.113.9 }
  want: { outcome: delivered }
`;

  beforeEach(() => {
    write('orders', `${LIVE}\n${SECURE}`);
    repository.write('connectors/orders/cases/all.yaml', `${REFUSED}${DELIVERED}`);
    repository.commit('before');
  });

  test.each([
    ['the file of cases is deleted', '', ['case-removed', 'case-removed']],
    ['a case that had to be refused is deleted', DELIVERED, ['case-removed']],
    [
      'it is made to want what comes',
      `${REFUSED.replace('sign: wrong', 'sign: genuine, ip: 203.0.113.9').replace('rejected, code: signature-mismatch', 'delivered')}${DELIVERED}`,
      ['case-edited'],
    ],
  ] as const)('%s: risky, and the gate warns', async (_, cases, kinds) => {
    if (cases === '') repository.git('rm', '-q', 'connectors/orders/cases/all.yaml');
    else repository.write('connectors/orders/cases/all.yaml', cases);
    repository.commit('after');
    const found = await diff('before', 'after');
    expect(found.kinds).toEqual(kinds);
    expect(found.report.changes[0]).toMatchObject({ severity: 'risky' });
    expect(found.report.gates).toMatchObject([{ gate: 'case-removed', result: 'warn' }]);
    expect(found.code).toBe(0);
  });

  test('a case that is added, and a value of a sample that is changed, are reported', async () => {
    const another = DELIVERED.replace('a genuine one', 'another');
    repository.write('connectors/orders/cases/all.yaml', `${REFUSED}${DELIVERED}${another}`);
    repository.write('connectors/orders/sample.json', '{"id":"e","user":"somebody_else"}\n');
    repository.commit('after');
    const found = await diff('before', 'after');
    expect(new Set(found.kinds)).toEqual(new Set(['case-added', 'sample-edited']));
    expect(found.report.gates).toEqual([]);
  });

  test.each([
    ['beside the connectors', 'connectors/evil-sub'],
    ['in a folder of one', 'connectors/orders/lib'],
  ])('a submodule is an error of its side: %s', async (_, path) => {
    const commit = repository.git('rev-parse', 'HEAD');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
    repository.git('commit', '-q', '-m', 'x');
    const found = await diff('before', 'HEAD');
    expect(found.report.diagnostics).toMatchObject([{ code: 'entry-refused' }]);
    expect(found.report.ok).toBe(false);
    expect(found.code).toBe(1);
  });

  test('so is a link that nothing names, in a commit and in the working tree', async () => {
    symlinkSync('../../..', join(repository.folder, 'connectors/orders/everything'));
    const tree = await diff('before', '.');
    expect(tree.report.diagnostics).toMatchObject([{ code: 'entry-refused' }]);
    repository.commit('after');
    const commit = await diff('before', 'after');
    expect(commit.report.diagnostics).toMatchObject([{ code: 'entry-refused' }]);
    expect([tree.code, commit.code]).toEqual([1, 1]);
  });

  test('a checkout with its submodules is not built with them', async () => {
    repository.write('connectors/sub/.git', 'gitdir: ../../.git/modules/sub\n');
    repository.write('connectors/sub/connector.yaml', connector('sub', TEST));
    const { code, stderr } = await repository.sluice('check', 'connectors');
    expect(stderr).toContain('entry-refused');
    expect(code).toBe(1);
  });
});
