/** Runs script texts in a real script host. */
import { createHash } from 'node:crypto';
import { afterAll } from 'vitest';
import { createScriptHost, type ScriptHostOptions } from '../../../src/runtime/script-host/host.ts';
import type { ScriptMappingPlan } from '../../../src/stages/plans.ts';
import type { ScriptRequest, ScriptResult, ScriptRunner } from '../../../src/stages/script/script-runner.ts';

/** Long, so that a busy machine makes no test fail; where a limit is what is tested, the test sets its own. */
const PATIENT: ScriptHostOptions = { timeoutMs: 10_000, waitMs: 15_000, givesWay: false };

/** A host for the tests of a file; closed after them. */
export function openHost(options: ScriptHostOptions = {}): ScriptRunner {
  const host = createScriptHost({ ...PATIENT, ...options });
  afterAll(() => host.close());
  return host;
}

export function planOf(source: string): ScriptMappingPlan {
  const digest = createHash('sha256').update(source).digest('hex');
  return { kind: 'script', file: 'mapping.js', source, digest };
}

export function makeRequest(body: unknown = {}, changes: Partial<ScriptRequest> = {}): ScriptRequest {
  return {
    body,
    headers: { 'x-event': 'payment.failed' },
    method: 'POST',
    receivedAt: '2026-02-03T04:05:06.789Z',
    ...changes,
  };
}

export function runIn(
  host: ScriptRunner,
  source: string,
  body?: unknown,
  connector = 'connector',
): Promise<ScriptResult> {
  return host.run(connector, planOf(source), makeRequest(body));
}
