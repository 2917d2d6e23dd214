/**
 * Puts edits into a text. In: the text and fixes that point into it. Out: the new text and the fixes that are in it;
 * one that overlaps an earlier one is left out, for the next round. Everything outside the edits stays byte for byte.
 */
import type { Edit, Fix } from '../../diagnostics/diagnostic.ts';

export interface EditedText {
  readonly text: string;
  readonly applied: readonly Fix[];
  /** Where the new text differs: offset and length in it, in UTF-16 units. */
  readonly places: readonly { readonly offset: number; readonly length: number }[];
}

/** Fixes are taken in their order. */
export function applyEdits(text: string, fixes: readonly Fix[]): EditedText {
  const applied: Fix[] = [];
  const taken: Edit[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) continue;
    applied.push(fix);
    taken.push(...fix.edits);
  }
  const places: { offset: number; length: number }[] = [];
  let result = '';
  let at = 0;
  for (const { span, newText } of taken.toSorted((left, right) => left.span.offset - right.span.offset)) {
    result += text.slice(at, span.offset);
    places.push({ offset: result.length, length: newText.length });
    result += newText;
    at = span.offset + span.length;
  }
  return { text: result + text.slice(at), applied, places };
}

/** Neighbours count: two removals side by side would argue about the comma between them. */
function touches({ span: left }: Edit, { span: right }: Edit): boolean {
  return left.offset <= right.offset + right.length && right.offset <= left.offset + left.length;
}
