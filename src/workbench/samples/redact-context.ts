/** What the files of a connector say about redaction: which headers it uses, what it compares, which texts are in git. */
import { resolve } from 'node:path';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { readOwnFile } from '../../compiler/read-file.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { MAX_SCRIPT_BYTES } from '../../stages/script/script-runner.ts';
import { collectKeys, namedIn, pathTextsOf } from './named-in.ts';
import type { RedactContext } from './redact/redact-request.ts';

/** null: the connector file is not a connector, and nothing is known about what may stay. */
export function redactContextOf(connector: CompiledConnector): RedactContext | null {
  const { spec, plan, samples } = connector;
  if (spec === null) return null;
  const { mapping } = spec;
  const isScript = typeof mapping === 'object' && 'script' in mapping;
  const script = isScript ? readScript(connector, mapping.script) : '';
  const headers = new Set<string>();
  // The preset's own idempotency is only in the plan.
  for (const part of [spec.when, spec.testWhen, spec.mapping, spec.idempotency, plan?.idempotency])
    collectHeaders(part, headers);
  const compared = new Set(literalsOf(script));
  for (const part of [spec.mapping, spec.values, spec.split]) collectCompared(part, compared);
  const known = samples.flatMap((sample) => sample.payloads);
  const named = new Set(namedIn([...pathTextsOf(spec), script]));
  for (const payload of known) collectKeys(payload, named);
  return {
    when: spec.when ?? [],
    testWhen: spec.testWhen ?? null,
    split: typeof spec.split === 'object' ? spec.split.list : (spec.split ?? null),
    maps: (spec.shape?.maps ?? []).filter((path) => parsePath(path).ok),
    known,
    usesHeader: (name) => headers.has(name) || script.toLowerCase().includes(name),
    isScriptText: (text) => compared.has(text),
    unwrap: plan?.unwrap ?? [],
    isKnownKey: (key) => named.has(key),
  };
}

function readScript(connector: CompiledConnector, path: string): string {
  const content = readOwnFile(resolve(connector.folder), path, MAX_SCRIPT_BYTES);
  return content.ok ? content.text : '';
}

/** Wherever `{ header: name }` stands. Too many are no harm: a header's value is replaced like any other. */
function collectHeaders(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'header' && typeof member === 'string') into.add(member.toLowerCase());
    collectHeaders(member, into);
  }
}

const COMPARISONS = ['equals', 'notEquals', 'in', 'notIn', 'contains', 'missing'];

/** Codes of a lookup, and what conditions on elements compare with: without them a sample would be of another kind. */
function collectCompared(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'map' && typeof member === 'object' && member !== null)
      for (const code of Object.keys(member)) into.add(code);
    if (COMPARISONS.includes(key))
      for (const one of [member].flat()) if (typeof one !== 'object') into.add(String(one));
    collectCompared(member, into);
  }
}

/** Texts in quotes, as far as they have no escapes: what a script compares is in git already. */
function literalsOf(script: string): readonly string[] {
  return [...script.matchAll(/'([^'\\\r\n]{1,200})'|"([^"\\\r\n]{1,200})"|`([^`\\$]{1,200})`/g)].map(
    ([, single, double, template]) => single ?? double ?? template ?? '',
  );
}
