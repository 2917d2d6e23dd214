/** The payloads of a body and where they stand: the elements that `split` names, or the body itself. */
import { parsePath } from '../../../stages/json/json-path.ts';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { pointerTo } from '../../../stages/problem.ts';
import { materialiseSplit } from '../../../stages/split.ts';
import { locate } from './locate.ts';

export interface LocatedPayload {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** In the order of materialiseSplit; none where the path finds no list, or names places that cannot be told apart. */
export function listElements(body: JsonValue, split: string | null): readonly LocatedPayload[] {
  if (split === null) return [{ pointer: '', value: body }];
  const parsed = parsePath(split);
  if (!parsed.ok) return [];
  const expected = materialiseSplit(split)(body);
  const found: LocatedPayload[] = [];
  locate(body, parsed.segments, (pointer, value) => {
    if (!parsed.plain) found.push({ pointer, value });
    else if (Array.isArray(value)) {
      for (const [index, element] of value.entries())
        found.push({ pointer: pointerTo(pointer, index), value: element as JsonValue });
    }
  });
  const isSame =
    expected?.length === found.length && found.every(({ value }, index) => value === expected[index]);
  return isSame ? found : [];
}
