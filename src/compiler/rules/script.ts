/**
 * Rule: the mapping script compiles, loads, and runs on every sample. What it reads there becomes the paths that the
 * shape keeps. Runs the script only through the injected runner, never here.
 */
import type { Code } from '../../diagnostics/codes.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { ScriptMappingPlan } from '../../stages/plans.ts';
import { headersFromObject } from '../../stages/request.ts';
import { placeInScript } from '../../stages/script/script-places.ts';
import { scriptRequest } from '../../stages/script/script-request.ts';
import type { ScriptResult } from '../../stages/script/script-runner.ts';
import { bundleScript, type ScriptProblem } from '../bundle-script.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';
import { SAMPLE_TIME } from '../sample-input.ts';
import { reportCost, spendVisits } from './work.ts';

/** Enough to see what a script reads; a batch may have ten thousand elements. */
const MAX_RUNS = 50;
/** A script that does not end takes its whole time limit on every sample. */
const MAX_FAILURES = 3;

type ScriptFailure = Extract<ScriptResult, { ok: false }>;

export async function checkScript(draft: ConnectorDraft, file: string): Promise<void> {
  const content = draft.files.read('script', file);
  if (!content.ok) {
    const { code, message } = content;
    draft.report({ code, pointer: '/mapping/script', message });
    return;
  }
  const bundled = await bundleScript(file, (path) => draft.files.read('script', path));
  for (const problem of bundled.ok ? bundled.warnings : bundled.problems) reportProblem(draft, problem);
  if (!bundled.ok) return;
  const { plan } = bundled;
  const runs = await runOnSamples(draft, plan);
  if (!reportFailures(draft, plan, runs)) return;
  const payloads = runs.flatMap(({ sample, payload }) => (sample === null ? [] : [payload]));
  const traced = runs.flatMap(({ result }) => (result.ok ? (result.reads ?? []) : []));
  if (!spendVisits(draft, [...new Set(traced)], payloads)) return reportCost(draft, '/mapping/script');
  draft.parts.mapping = plan;
  draft.parts.reads = listReads(draft, traced, payloads);
}

function reportProblem(draft: ConnectorDraft, { code, message, place }: ScriptProblem): void {
  if (place === null) {
    draft.report({ code, pointer: '/mapping/script', message });
    return;
  }
  const source = draft.files.source('script', place.file);
  const line = Buffer.from(source.lineText(place.line));
  const before = line.subarray(0, place.byte).toString().length;
  const length = line.subarray(place.byte, place.byte + place.bytes).toString().length;
  const span = source.span(source.lineStart(place.line) + before, length);
  draft.reportAt(code, message, span, [noteOfName(draft)]);
}

function noteOfName(draft: ConnectorDraft): { message: string; span: Span } {
  return { message: 'the script is named here', span: draft.document.spanOf('/mapping/script') };
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
  const runs: Run[] = [];
  // One after the other: the runner serves other connectors meanwhile.
  for (const { sample, payload } of inputs) {
    const headers = sample?.headers ?? headersFromObject({});
    const request = scriptRequest(payload, { headers, method, receivedAt: SAMPLE_TIME });
    const result = await draft.scripts.run(draft.id, plan, request, { trace: true });
    runs.push({ sample, payload, result });
    if (runs.filter((run) => !run.result.ok).length === MAX_FAILURES) break;
  }
  return runs;
}

/** True when the script can be used. What does not depend on the sample is reported once. */
function reportFailures(draft: ConnectorDraft, plan: ScriptMappingPlan, runs: readonly Run[]): boolean {
  const seen = new Set<string>();
  let isUsable = true;
  for (const { sample, result } of runs) {
    if (result.ok) continue;
    const isOfSample = sample !== null && !isLoadFailure(result) && result.code !== 'script-unavailable';
    // Without a sample the script ran on nothing: only whether it loads was to be seen.
    if (sample === null && !isLoadFailure(result)) continue;
    isUsable = false;
    const code = codeOf(result);
    const message = isOfSample
      ? `the script fails on the sample ${quote(sample.name)}: ${result.message}`
      : `the script cannot be run: ${result.message}`;
    if (seen.has(message)) continue;
    seen.add(message);
    const note = isOfSample ? { message: 'the sample', span: sample.spanOf('') } : noteOfName(draft);
    const span = code === 'script-default-missing' ? spanOfExport(draft, plan) : spanOf(draft, plan, result);
    draft.reportAt(code, message, span, [note]);
  }
  return isUsable;
}

function codeOf(result: ScriptFailure): Code {
  if (!isLoadFailure(result)) return 'script-failed';
  return result.message.startsWith(NO_EXPORT) ? 'script-default-missing' : 'script-invalid';
}

function spanOf(draft: ConnectorDraft, plan: ScriptMappingPlan, { line, column = 1 }: ScriptFailure): Span {
  // What it gave back is wrong, rather than a line of it.
  if (line === undefined) return spanOfExport(draft, plan);
  const place = placeInScript(plan, line, column) ?? { file: plan.file, line: 1, column: 1 };
  const source = draft.files.source('script', place.file);
  return source.span(source.lineStart(place.line) + place.column - 1, 1);
}

/** Where the function is exported, or what stands there instead. */
function spanOfExport(draft: ConnectorDraft, plan: ScriptMappingPlan): Span {
  const source = draft.files.source('script', plan.file);
  const found = /\bexport\s+default\b|\bas\s+default\b/.exec(source.text);
  return found === null ? source.span(0, 1) : source.span(found.index, found[0].length);
}

/** How the script process says that there is nothing to call. */
const NO_EXPORT = 'the script has no default export';

/** Whether the script failed before it saw the request. */
function isLoadFailure({ code, message }: ScriptFailure): boolean {
  return code === 'script-error' && (message.startsWith('SyntaxError:') || message.startsWith(NO_EXPORT));
}

function listReads(
  draft: ConnectorDraft,
  traced: readonly string[],
  payloads: readonly JsonValue[],
): readonly DraftRead[] {
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
