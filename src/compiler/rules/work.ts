/**
 * Rule: what the paths of a connector look at in its samples is bounded. Runs before any of them is evaluated: a stranger's
 * file could keep a check busy for hours, and a runtime later. Rules that evaluate paths are skipped after a refusal.
 */
import { parseScopedPath } from '../../stages/json/json-path.ts';
import { countVisits } from '../../stages/json/json-path-visits.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { parseTemplate } from '../../stages/mapping/text-template.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

/**
 * Values that all paths together may look at, in all samples. Each costs about a microsecond, a few times over. Fifty
 * wildcards over twenty samples as large as GitHub's largest stay below.
 */
const MAX_VISITS = 1_000_000;

/** The sections whose paths are evaluated on the samples. */
const SECTIONS = ['when', 'testWhen', 'split', 'values', 'mapping', 'idempotency', 'shape'];

export function checkWork(draft: ConnectorDraft): void {
  const payloads = draft.parts.samples.flatMap((sample) => [
    ...(draft.parts.split === null ? [] : [sample.body]),
    ...sample.payloads,
  ]);
  if (payloads.length === 0) return;
  const waiting = SECTIONS.map((name) => ({ pointer: `/${name}`, value: draft.rawValueAt(`/${name}`) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { pointer, value } = next;
    if (typeof value === 'string') {
      if (!spendVisits(draft, listPaths(value), payloads)) {
        reportCost(draft, pointer);
        return;
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value).reverse())
        waiting.push({ pointer: pointerTo(pointer, key), value: member as JsonValue });
    }
  }
}

/** True while the paths are within what the connector may still spend; counts them. */
export function spendVisits(
  { parts }: ConnectorDraft,
  paths: readonly string[],
  payloads: readonly JsonValue[],
): boolean {
  for (const path of paths) {
    const parsed = parseScopedPath(path);
    if (!parsed.ok || parsed.plain) continue;
    for (const payload of payloads) {
      parts.visits += countVisits(parsed.segments, payload, MAX_VISITS - parts.visits);
      if (parts.visits > MAX_VISITS) return false;
    }
  }
  return true;
}

export function reportCost(draft: ConnectorDraft, pointer: string): void {
  const message = `with this path the connector looks at more than ${MAX_VISITS} values of its samples; name the way to the value instead of .. and wildcards, or shorten the samples`;
  draft.report({ code: 'paths-too-costly', pointer, message });
}

/** The paths of a text: itself, or those that a template fills in. */
function listPaths(text: string): readonly string[] {
  if (text.startsWith('$')) return [text];
  return text.includes('{{') ? parseTemplate(text).reads.flatMap(({ paths }) => paths) : [];
}
