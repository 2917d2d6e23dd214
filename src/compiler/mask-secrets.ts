/**
 * Keeps secrets out of messages: one rule found a secret in a file, another may have quoted the same text. In: all
 * diagnostics of a connector. Out: the same with every quotation of a found secret replaced.
 */
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/source.ts';

/** Shorter beginnings of a secret, as they remain where a quotation is cut, say too little to matter. */
const MIN_LENGTH = 8;
const MASK = '***';

export function maskSecrets(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
): readonly Diagnostic[] {
  const secrets = diagnostics
    .filter(({ code }) => code === 'secret-literal')
    .map(({ span }) => sources.get(span.file)?.text.slice(span.offset, span.offset + span.length) ?? '')
    .map((text) => text.replace(/^["']|["']$/g, ''));
  if (secrets.length === 0) return diagnostics;
  const mask = (text: string): string => secrets.reduce(maskOne, text);
  return diagnostics.map(({ fix, ...diagnostic }) => ({
    ...diagnostic,
    message: mask(diagnostic.message),
    notes: diagnostic.notes.map((note) => ({ ...note, message: mask(note.message) })),
    // A fix that would repeat one is no fix.
    ...(fix !== undefined && isClean(fix, mask) ? { fix } : {}),
  }));
}

function isClean({ title, edits }: Fix, mask: (text: string) => string): boolean {
  return [title, ...edits.map(({ newText }) => newText)].every((text) => mask(text) === text);
}

/** Replaces the secret, or the longest beginning of it that the text has. */
function maskOne(text: string, secret: string): string {
  for (let length = secret.length; length >= Math.min(MIN_LENGTH, secret.length) && length > 0; length -= 1) {
    const start = secret.slice(0, length);
    if (text.includes(start)) return text.replaceAll(start, MASK);
  }
  return text;
}
