// The example connector for Stripe, and the same connector with its mapping as a script that makes the same triggers.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorPlan } from '../../../src/bundle/plan.ts';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import type { ScriptRunner } from '../../../src/stages/script/script-runner.ts';
import { TOLERANCE_SECONDS } from '../ingress/request.ts';

export const STRUCTURED = 'stripe-payment-failed';
export const SCRIPTED = 'stripe-payment-script';

const SCRIPT = `export default function map({ body }) {
  const payment = body.data.object;
  const error = payment.last_payment_error;
  return {
    targetUserIds: [payment.metadata.user_id],
    cardOptions: { priority: 3, expiresInterval: 'P7D' },
    variables: {
      amount_minor: String(payment.amount),
      currency: payment.currency,
      reason: error?.message ?? error?.code ?? 'Your bank did not say why.',
      receipt_email: payment.receipt_email ?? '',
    },
    metadata: { source: 'stripe', payment_intent: payment.id },
  };
}
`;

export async function compileBoth(scripts: ScriptRunner): Promise<readonly ConnectorPlan[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const folder = join(cwd, 'connectors');
    const source = join(import.meta.dirname, '../../../connectors', STRUCTURED);
    for (const id of [STRUCTURED, SCRIPTED]) cpSync(source, join(folder, id), { recursive: true });
    const file = join(folder, SCRIPTED, 'connector.yaml');
    const text = readFileSync(file, 'utf8')
      .replace(`id: ${STRUCTURED}`, `id: ${SCRIPTED}`)
      .replace(/^mapping:\n(?: .*\n|\n)+/m, 'mapping: { script: mapping.js }\n');
    writeFileSync(file, text);
    writeFileSync(join(folder, SCRIPTED, 'mapping.js'), SCRIPT);
    const { connectors, diagnostics } = await compileConnectors({ folder, cwd, scripts });
    return connectors.map(({ id, plan }) => {
      if (plan?.signature?.timestamp === undefined) throw new Error(`${id}: ${JSON.stringify(diagnostics)}`);
      const timestamp = { ...plan.signature.timestamp, tolerance: TOLERANCE_SECONDS };
      return { ...plan, signature: { ...plan.signature, timestamp } };
    });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
