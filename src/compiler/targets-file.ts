/**
 * The file in which a deployment names its targets. In: a source file. Out: what it says, with places, or why it cannot be
 * read. What the settings of a target mean, the runtime knows.
 */
import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { SourceFile } from '../diagnostics/source.ts';
import { isJsonObject } from '../stages/json/json-value.ts';
import { type ParsedDocument, parseYaml } from './parse.ts';

export type ReadTargetsFile =
  | { readonly ok: true; readonly document: ParsedDocument }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A deployment has a handful of targets: anything larger is the wrong file. */
const MAX_BYTES = 256 * 1024;

/** `path` opens it, `display` is how people see it. Never throws. */
export function readTargetsFile(path: string, display: string): ReadTargetsFile {
  let text: string;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) return { ok: false, problems: [`${display} is larger than 256 KiB`] };
    text = bytes.toString('utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    return { ok: false, problems: [`${display} cannot be read (${reason}): name the file of targets`] };
  }
  const { document, diagnostics } = parseYaml(new SourceFile(display, text));
  const problems = diagnostics.map(describe);
  if (document === null)
    return { ok: false, problems: problems.length > 0 ? problems : [`${display} is empty`] };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, document };
}

/** The names of its targets, whatever else is wrong with them. */
export function namesOfTargets({ value }: ParsedDocument): readonly string[] {
  const targets = isJsonObject(value) ? value.targets : undefined;
  return isJsonObject(targets) ? Object.keys(targets) : [];
}

function describe({ span, message }: Diagnostic): string {
  return `${span.file}:${span.line}:${span.column}: ${message}`;
}
