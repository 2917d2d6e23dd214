/** A condition: what is looked at, how it is compared, and with what. */
import { useId } from 'preact/hooks';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { FieldProblems, problemsAt } from '../connector/problems.tsx';
import { edit } from '../editing.ts';
import { isMap, memberOf, readLiteral, writeLiteral } from '../yaml-value.ts';
import { FieldInput } from './field-input.tsx';

/** How each comparison is read, and what it compares with. */
const COMPARISONS: Readonly<
  Record<string, { readonly read: string; readonly takes: 'one' | 'list' | 'boolean' | 'text' }>
> = {
  equals: { read: 'is', takes: 'one' },
  in: { read: 'is one of', takes: 'list' },
  prefix: { read: 'begins with', takes: 'text' },
  exists: { read: 'is there', takes: 'boolean' },
  notEquals: { read: 'is not', takes: 'one' },
  notIn: { read: 'is none of', takes: 'list' },
  above: { read: 'is above', takes: 'one' },
  below: { read: 'is below', takes: 'one' },
  contains: { read: 'contains', takes: 'one' },
};

export interface ConditionFieldProps {
  readonly label: string;
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  readonly onRemove: () => void;
}

export function ConditionField({ label, pointer, value, onRemove }: ConditionFieldProps) {
  const id = useId();
  const isHeader = memberOf(value, 'header') !== undefined;
  const comparison = Object.keys(COMPARISONS).find((one) => memberOf(value, one) !== undefined) ?? 'equals';
  const operand = memberOf(value, comparison);
  const { takes } = COMPARISONS[comparison] as { takes: string };
  const isBad = problemsAt(pointer).some(({ severity }) => severity === 'error');
  const place = isHeader ? 'header' : 'path';

  if (memberOf(value, 'any') !== undefined)
    return <AnyOf label={label} pointer={pointer} value={value} onRemove={onRemove} />;
  const setPlace = (text: string): void => {
    const next = text.trim().startsWith('$') || text === '' ? 'path' : 'header';
    if (next === place) edit({ kind: 'set', pointer: `${pointer}/${place}`, value: text });
    else edit({ kind: 'set', pointer, value: { [next]: text, [comparison]: operand ?? '' } });
  };
  const setComparison = (next: string): void => {
    const start: JsonValue =
      next === 'exists' ? true : next === 'in' ? [scalarOf(operand)] : scalarOf(operand);
    edit({ kind: 'set', pointer, value: { [place]: memberOf(value, place) ?? '$.', [next]: start } });
  };
  return (
    <div class="row">
      <span class="label">{label}</span>
      <div class={`field condition ${isHeader ? 'header' : 'path'}`}>
        <div class="main">
          {isHeader ? <span class="word">header</span> : null}
          <FieldInput
            label={`${label}: path or header`}
            value={String(memberOf(value, place) ?? '')}
            isInvalid={isBad}
            describedBy={id}
            list="property-paths"
            placeholder="$.type"
            onInput={setPlace}
          />
          <select
            aria-label={`${label}: comparison`}
            value={comparison}
            onChange={(event) => setComparison(event.currentTarget.value)}
          >
            {Object.entries(COMPARISONS).map(([one, { read }]) => (
              <option key={one} value={one}>
                {read}
              </option>
            ))}
          </select>
          {takes === 'boolean' ? (
            <select
              aria-label={`${label}: value`}
              value={String(operand)}
              onChange={(event) =>
                edit({
                  kind: 'set',
                  pointer: `${pointer}/${comparison}`,
                  value: event.currentTarget.value === 'true',
                })
              }
            >
              <option value="true">yes</option>
              <option value="false">no</option>
            </select>
          ) : (
            <FieldInput
              label={`${label}: value`}
              takesPaths={false}
              value={
                Array.isArray(operand)
                  ? operand.map((one: JsonValue) => writeLiteral(one)).join(', ')
                  : writeLiteral(operand)
              }
              onInput={(text) =>
                edit({
                  kind: 'set',
                  pointer: `${pointer}/${comparison}`,
                  value:
                    takes === 'list'
                      ? text.split(/,\s*/).map(readLiteral)
                      : takes === 'text'
                        ? text
                        : readLiteral(text),
                })
              }
            />
          )}
        </div>
      </div>
      <button
        type="button"
        class="remove"
        aria-label={`Remove ${label}`}
        title={`Remove ${label}`}
        onClick={onRemove}
      >
        ×
      </button>
      <FieldProblems pointer={pointer} id={id} />
    </div>
  );
}

function scalarOf(value: JsonValue | undefined): JsonValue {
  const one = Array.isArray(value) ? (value[0] as JsonValue | undefined) : value;
  return one === undefined || isMap(one) ? '' : one;
}

/** One of several: written as in the file. */
function AnyOf({ label, pointer, value, onRemove }: ConditionFieldProps) {
  const id = useId();
  return (
    <div class="row">
      <span class="label">{label}</span>
      <div class="field condition">
        <div class="main">
          <span class="word">any of</span>
          <FieldInput
            label={`${label}: any of`}
            takesPaths={false}
            describedBy={id}
            value={JSON.stringify(memberOf(value, 'any'))}
            onInput={(text) => edit({ kind: 'set', pointer: `${pointer}/any`, yaml: text })}
          />
        </div>
      </div>
      <button type="button" class="remove" aria-label={`Remove ${label}`} onClick={onRemove}>
        ×
      </button>
      <FieldProblems pointer={pointer} id={id} />
    </div>
  );
}
