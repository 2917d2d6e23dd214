/** Where secrets stand, by file: another problem on the same line must not show what this one hides. */
import type { Range } from './codeframe.ts';
import type { Diagnostic } from './diagnostic.ts';

export function secretRanges(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Range[]> {
  const ranges = new Map<string, Range[]>();
  for (const { code, span } of diagnostics) {
    if (code !== 'secret-literal') continue;
    const found = ranges.get(span.file) ?? [];
    ranges.set(span.file, [...found, span]);
  }
  return ranges;
}
