// The example connector for Stripe, the same with its mapping as a script that makes the same triggers, and the same over
// batches. In: a script runner. Out: their plans, which take a request as old as the benchmark.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorPlan } from '../../../src/bundle/plan.ts';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import type { ScriptRunner } from '../../../src/stages/script/script-runner.ts';
import { REQUESTS, TOLERANCE_SECONDS } from './request.ts';

export const STRUCTURED = 'stripe-payment-failed';
export const SCRIPTED = 'stripe-payment-script';
export const BATCHED = 'stripe-payment-batch';

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

const root = join(import.meta.dirname, '../../..');

export async function compileAll(scripts: ScriptRunner): Promise<readonly ConnectorPlan[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const folder = join(cwd, 'connectors');
    for (const id of [STRUCTURED, SCRIPTED, BATCHED])
      cpSync(join(root, 'connectors', STRUCTURED), join(folder, id), {
        recursive: true,
        filter: (source) => !source.endsWith('/cases'),
      });
    edit(join(folder, SCRIPTED), (text) =>
      text
        .replace(`id: ${STRUCTURED}`, `id: ${SCRIPTED}`)
        .replace(/^mapping:\n(?: .*\n|\n)+/m, 'mapping: { script: mapping.js }\n'),
    );
    writeFileSync(join(folder, SCRIPTED, 'mapping.js'), SCRIPT);
    writeFileSync(join(folder, BATCHED, 'samples/batch.json'), REQUESTS.batch.body);
    edit(join(folder, BATCHED), (text) =>
      text
        .replace(`id: ${STRUCTURED}`, `id: ${BATCHED}\nsplit: $.events[*]`)
        .replace(/^samples:\n(?: .*\n)+/m, 'samples: [samples/batch.json]\n')
        .replace(/^when:\n(?: .*\n)+/m, '')
        .replace(/^testWhen:.*\n/m, ''),
    );
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

function edit(folder: string, change: (text: string) => string): void {
  const file = join(folder, 'connector.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
