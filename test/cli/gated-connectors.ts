/** Connectors whose security a gate compares, in a repository of their own. */
import { expect } from 'vitest';
import type { GitRepository } from './git-repository.ts';

export const LIVE = 'status: live';
export const TEST = 'status: test';

export function connector(id: string, more: string): string {
  return `apiVersion: sluice/v1
id: ${id}
actionFlow: F1
samples: [sample.json]
mapping: { targetUserIds: $.user }
idempotency: { path: $.id }
${more}`;
}

export const SECURE = `security:
  allowIps: [203.0.113.9]
  signature:
    sharedSecret: { env: SLUICE_SECRET_A }
    signature: { header: x-signature, parsePrefix: "v1=" }
    timestamp: { header: x-signature, parsePrefix: "t=", tolerance: 300 }
    template: "[timestamp].[payload]"
`;
export function writeConnector(repository: GitRepository, id: string, more: string): void {
  repository.write(`connectors/${id}/connector.yaml`, connector(id, more));
  repository.write(`connectors/${id}/sample.json`, '{"id":"e","user":"u"}\n');
}

interface Report {
  readonly ok: boolean;
  readonly changes: readonly { readonly kind: string; readonly severity: string; readonly message: string }[];
  readonly gates: readonly { readonly gate: string; readonly result: string; readonly message: string }[];
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

/** What the gate says about two commits. */
export async function gate(repository: GitRepository, old: string, current: string) {
  const { code, stdout, stderr } = await repository.sluice('diff', old, current, '--gate', '--json');
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  const kinds = report.changes.map(({ kind }) => kind);
  const failed = report.gates.filter(({ result }) => result === 'fail').map(({ message }) => message);
  return { code, report, kinds, failed: failed.join('\n') };
}
