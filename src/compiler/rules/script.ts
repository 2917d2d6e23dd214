/**
 * Rule: the mapping script loads, and runs on every sample. What it reads there becomes the paths that the shape keeps.
 * Runs the script only through the injected runner, never here.
 */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/printable.ts';
import { compilePath, parsePath } from '../../stages/json-path.ts';
import type { JsonValue } from '../../stages/json-value.ts';
import type { ScriptMappingPlan } from '../../stages/plans.ts';
import { headersFromObject } from '../../stages/request.ts';
import { scriptRequest } from '../../stages/script-request.ts';
import type { ScriptResult } from '../../stages/script-runner.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';
import { SAMPLE_TIME } from '../sample-input.ts';

/** Enough to see what a script reads; a batch may have ten thousand elements. */
const MAX_RUNS = 50;

type ScriptFailure = Extract<ScriptResult, { ok: false }>;

export async function checkScript(draft: ConnectorDraft, file: string): Promise<void> {
  const content = draft.files.read('script', file);
  if (!content.ok) {
    draft.report({ code: content.code, pointer: '/mapping/script', message: content.message });
    return;
  }
  const plan: ScriptMappingPlan = { kind: 'script', file, source: content.text, digest: content.digest };
  const runs = await runOnSamples(draft, plan);
  if (!reportFailures(draft, file, runs)) return;
  draft.parts.mapping = plan;
  draft.parts.reads = listReads(draft, runs);
}

interface Run {
  /** null: there is no sample, and the script ran on nothing to see whether it loads. */
  readonly sample: DraftSample | null;
  readonly payload: JsonValue;
  readonly result: ScriptResult;
}

async function runOnSamples(draft: ConnectorDraft, plan: ScriptMappingPlan): Promise<readonly Run[]> {
  const payloads = draft.parts.samples.flatMap((sample) =>
    sample.payloads.map((payload) => ({ sample, payload })),
  );
  const inputs = payloads.length > 0 ? payloads.slice(0, MAX_RUNS) : [{ sample: null, payload: null }];
  const method = draft.section('methods')?.[0] ?? 'POST';
  return Promise.all(
    inputs.map(async ({ sample, payload }) => {
      const headers = sample?.headers ?? headersFromObject({});
      const request = scriptRequest(payload, { headers, method, receivedAt: SAMPLE_TIME });
      return { sample, payload, result: await draft.scripts.run(draft.id, plan, request, { trace: true }) };
    }),
  );
}

/** True when the script can be used. A failure that does not depend on the sample is reported once. */
function reportFailures(draft: ConnectorDraft, file: string, runs: readonly Run[]): boolean {
  const source = draft.files.source('script', file);
  const reference = { message: 'the script is named here', span: draft.document.spanOf('/mapping/script') };
  const seen = new Set<string>();
  let isUsable = true;
  for (const { sample, result } of runs) {
    if (result.ok) continue;
    const isLoading = isLoadFailure(result);
    if (sample === null && !isLoading) continue;
    isUsable = false;
    const code: Diagnostic['code'] = isLoading ? 'script-invalid' : 'script-failed';
    const where = isLoading || sample === null ? '' : ` on the sample ${quote(sample.name)}`;
    const message = `the script fails${where}: ${result.message}`;
    if (seen.has(message)) continue;
    seen.add(message);
    const note =
      where === '' || sample === null ? reference : { message: 'the sample', span: sample.spanOf('') };
    const offset = source.lineStart(result.line ?? 1) + Math.max(0, (result.column ?? 1) - 1);
    draft.reportAt(code, message, source.span(offset, 1), [note]);
  }
  return isUsable;
}

/** Whether the script failed before it saw the request. */
function isLoadFailure({ code, message }: ScriptFailure): boolean {
  const isLoading = /^SyntaxError:|^the script (?:has no default export|imports )/.test(message);
  return code === 'script-unavailable' || (code === 'script-error' && isLoading);
}

function listReads(draft: ConnectorDraft, runs: readonly Run[]): readonly DraftRead[] {
  const traced = runs.flatMap(({ result }) => (result.ok ? (result.reads ?? []) : []));
  const payloads = runs.filter(({ sample }) => sample !== null).map(({ payload }) => payload);
  const reads = [...new Set(traced)].sort().flatMap((text) => {
    // `$` alone is the payload as a whole, which says nothing about its fields.
    if (text === '$' || !parsePath(text).ok) return [];
    const path = compilePath(text);
    const resolved = payloads.filter((payload) => path.all(payload).some((value) => value !== null)).length;
    if (resolved === 0) return [];
    const optional = resolved < payloads.length;
    return [{ paths: [text], required: false, optional, pointer: '/mapping/script' }];
  });
  const declared = draft.section('shape')?.required ?? [];
  if (reads.length === 0 && payloads.length > 0 && declared.length === 0) {
    const message =
      'the script was not seen to read any field of the samples; list what it needs under shape.required';
    draft.report({ code: 'script-untraced', pointer: '/mapping/script', message });
  }
  return reads;
}
