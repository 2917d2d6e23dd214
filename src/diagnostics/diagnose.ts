/** Makes a diagnostic whose severity is what the table of codes says. */
import { CODES, type Code } from './codes.ts';
import type { Diagnostic, Fix, Note, Span } from './diagnostic.ts';

export function diagnose(
  code: Code,
  message: string,
  span: Span,
  notes: readonly Note[] = [],
  fix: Fix | null = null,
): Diagnostic {
  return { code, severity: CODES[code].severity, message, span, notes, ...(fix === null ? {} : { fix }) };
}
