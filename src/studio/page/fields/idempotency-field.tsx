/** What tells the same event from another: a retry must not make a second card. */
import { useId } from 'preact/hooks';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { FieldProblems, problemsAt } from '../connector/problems.tsx';
import { edit } from '../editing.ts';
import { memberOf } from '../yaml-value.ts';
import { FieldInput } from './field-input.tsx';

const POINTER = '/idempotency';

export function IdempotencyField({ value }: { readonly value: JsonValue | undefined }) {
  const id = useId();
  const kind =
    value === undefined
      ? 'unset'
      : typeof value === 'string'
        ? value
        : memberOf(value, 'header') !== undefined
          ? 'header'
          : 'path';
  const choose = (next: string): void => {
    if (next === 'unset') edit({ kind: 'remove', pointer: POINTER });
    else if (next === 'body' || next === 'none') edit({ kind: 'set', pointer: POINTER, value: next });
    else edit({ kind: 'set', pointer: POINTER, value: { [next]: next === 'path' ? '$.id' : 'x-event-id' } });
  };
  return (
    <div class="row">
      <span class="label">Same event</span>
      <div class="field condition">
        <div class="main">
          <select
            aria-label="What tells the same event"
            value={kind}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="unset">as the preset says</option>
            <option value="path">same value at</option>
            <option value="header">same header</option>
            <option value="body">same body</option>
            <option value="none">never the same</option>
          </select>
          {kind === 'path' || kind === 'header' ? (
            <FieldInput
              label="Same event: path or header"
              value={String(memberOf(value, kind) ?? '')}
              isInvalid={problemsAt(POINTER).length > 0}
              describedBy={id}
              takesPaths={kind === 'path'}
              list="property-paths"
              onInput={(text) => edit({ kind: 'set', pointer: `${POINTER}/${kind}`, value: text })}
            />
          ) : null}
        </div>
      </div>
      <span />
      <FieldProblems pointer={POINTER} id={id} />
    </div>
  );
}
