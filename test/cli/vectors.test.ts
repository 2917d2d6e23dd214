/**
 * The recorded signatures once more, as a team would write them: a connector for each scheme, a case for each request, run
 * by `sluice test`. The connectors are disabled, which tells "genuine" from "stranger" and nothing else.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { SCHEMES, VECTOR_FILE, VECTORS } from '../stages/signature/vectors.ts';

type Recorded = NonNullable<typeof VECTORS>[number];

const GENUINE = { outcome: 'ignored', code: 'disabled' };
const FORGED = { outcome: 'rejected', code: 'connector-unknown' };

function caseOf({ method, url, headers, body, secret, now, valid, ...one }: Recorded, index: number): object {
  return {
    note: `${index}: ${one.case}`,
    now: new Date(now * 1000).toISOString(),
    secrets: { SLUICE_SECRET_RECORDED: secret },
    request: { method, url, headers, body },
    want: valid ? GENUINE : FORGED,
  };
}

/** Some providers send both. */
function sendsForm({ headers }: Recorded): boolean {
  return Object.values(headers).some((value) => value.startsWith('application/x-www-form-urlencoded'));
}

/** JSON is YAML, too. */
function writeConnector(
  folder: string,
  provider: string,
  isForm: boolean,
  vectors: readonly Recorded[],
): void {
  const id = isForm ? `${provider}-form` : provider;
  const connector = {
    apiVersion: 'sluice/v1',
    id,
    actionFlow: 'BkX2pQ',
    status: 'disabled',
    body: isForm ? 'form' : 'json',
    sample: { user: 'user_1' },
    idempotency: 'none',
    security: { signature: { ...SCHEMES[provider], sharedSecret: { env: 'SLUICE_SECRET_RECORDED' } } },
    mapping: { targetUserIds: '$.user' },
  };
  mkdirSync(join(folder, id, 'cases'), { recursive: true });
  writeFileSync(join(folder, id, 'connector.yaml'), JSON.stringify(connector));
  writeFileSync(join(folder, id, 'cases/recorded.yaml'), JSON.stringify(vectors.map(caseOf)));
}

if (VECTORS !== null) {
  test('`sluice test` lets in the genuine ones, and nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-vectors-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const byProvider = Map.groupBy(VECTORS ?? [], ({ provider }) => provider);
    for (const [provider, vectors] of byProvider) {
      for (const [isForm, ofKind] of Map.groupBy(vectors, sendsForm))
        writeConnector(folder, provider, isForm, ofKind);
    }
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const context = { stdout, stderr, env: {}, cwd: folder };
    const code = await runProgram(['test', folder, '--json'], context);
    const { cases } = JSON.parse(String(stdout.read()));
    const failed = cases.filter(({ ok }: { readonly ok: boolean }) => !ok);
    expect(String(stderr.read() ?? '')).not.toContain(': error:');
    expect(failed).toEqual([]);
    expect(cases).toHaveLength(VECTORS?.length ?? 0);
    expect(code).toBe(0);
  });
} else {
  // biome-ignore lint/suspicious/noSkippedTests: the recordings are not part of the project, and their absence must show.
  test.skip(`SKIPPED: recorded signatures are not checked, as there is no ${VECTOR_FILE} (set SLUICE_SIGNATURE_VECTORS)`, () => {});
}
