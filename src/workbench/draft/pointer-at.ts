/** In: a place in a YAML file. Out: the JSON pointer of the smallest value whose key or text is there. */
import type { ParsedDocument } from '../../compiler/parse.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';

/** `offset` in UTF-16 units of the file's text. */
export function pointerAt(document: ParsedDocument, offset: number): string {
  let pointer = '';
  let value = document.value;
  for (;;) {
    const inner = membersOf(value).find(([key]) => isInside(document, pointerTo(pointer, key), offset));
    if (inner === undefined) return pointer;
    pointer = pointerTo(pointer, inner[0]);
    value = inner[1];
  }
}

function membersOf(value: JsonValue): readonly (readonly [string | number, JsonValue])[] {
  if (Array.isArray(value)) return value.map((one: JsonValue, index) => [index, one] as const);
  return isJsonObject(value) ? Object.entries(value) : [];
}

function isInside(document: ParsedDocument, pointer: string, offset: number): boolean {
  return (['key', 'value'] as const).some((part) => {
    const span = document.spanOf(pointer, part);
    return span.offset <= offset && offset < span.offset + Math.max(1, span.length);
  });
}
