/** How the card is shown, and for how long: each option with the input that fits it. */
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { edit } from '../editing.ts';
import { memberOf } from '../yaml-value.ts';
import { readDuration, UNITS, type Unit, writeDuration } from './duration.ts';
import { ValueField } from './value-field.tsx';

const BASE = '/mapping/cardOptions';

/** Options that are not there yet, and what they begin as. */
const OPTIONS: readonly (readonly [name: string, title: string, start: () => JsonValue])[] = [
  ['priority', 'Priority', () => 5],
  ['expiresInterval', 'Expires after', () => 'P7D'],
  ['expires', 'Expires at', () => `${new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 16)}:00Z`],
  ['embargo', 'Not before', () => `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)}:00Z`],
  ['targetStreamIds', 'Streams', () => []],
];

export function CardOptions({ value }: { readonly value: JsonValue | undefined }) {
  const present = OPTIONS.filter(([name]) => memberOf(value, name) !== undefined);
  const hasExpiry = present.some(([name]) => name.startsWith('expires'));
  const missing = OPTIONS.filter(
    ([name]) => memberOf(value, name) === undefined && !(hasExpiry && name.startsWith('expires')),
  );
  return (
    <>
      {present.map(([name, title]) => (
        <Option key={name} name={name} title={title} value={memberOf(value, name) as JsonValue} />
      ))}
      <div class="row add">
        <span />
        <div class="adds">
          {missing.map(([name, title, start]) => (
            <button
              key={name}
              type="button"
              onClick={() => edit({ kind: 'set', pointer: `${BASE}/${name}`, value: start() })}
            >
              {title}…
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

function Option({
  name,
  title,
  value,
}: {
  readonly name: string;
  readonly title: string;
  readonly value: JsonValue;
}) {
  const pointer = `${BASE}/${name}`;
  return (
    <ValueField
      label={title}
      pointer={pointer}
      value={value}
      onRemove={() => edit({ kind: 'remove', pointer })}
      {...(name === 'targetStreamIds' ? { placeholder: 'PAxrYyaO or a path' } : {})}
    >
      <Aid name={name} pointer={pointer} value={value} />
    </ValueField>
  );
}

function Aid({
  name,
  pointer,
  value,
}: {
  readonly name: string;
  readonly pointer: string;
  readonly value: JsonValue;
}) {
  if (name === 'priority' && typeof value === 'number') {
    return (
      <div class="aid">
        <input
          type="range"
          min={1}
          max={10}
          value={value}
          aria-label="Priority, 1 is the highest"
          onInput={(event) => edit({ kind: 'set', pointer, value: Number(event.currentTarget.value) })}
        />
        <span class="dim">1 is highest</span>
      </div>
    );
  }
  if (name === 'expiresInterval' && typeof value === 'string') {
    const read = readDuration(value);
    if (read === null) return null;
    const set = (amount: number, unit: Unit): void =>
      edit({ kind: 'set', pointer, value: writeDuration(amount, unit) });
    return (
      <div class="aid">
        <input
          type="number"
          min={1}
          max={999_999}
          aria-label="How long"
          value={read.amount}
          onInput={(event) => set(Number(event.currentTarget.value), read.unit)}
        />
        <select
          aria-label="Unit"
          value={read.unit}
          onChange={(event) => set(read.amount, event.currentTarget.value as Unit)}
        >
          {UNITS.map(([unit]) => (
            <option key={unit} value={unit}>
              {unit}
            </option>
          ))}
        </select>
      </div>
    );
  }
  if ((name === 'expires' || name === 'embargo') && typeof value === 'string' && !value.startsWith('$')) {
    return (
      <div class="aid">
        <input
          type="datetime-local"
          aria-label={`${name === 'expires' ? 'Expires at' : 'Not before'}, in UTC`}
          value={value.slice(0, 16)}
          onInput={(event) => {
            const { value: chosen } = event.currentTarget;
            if (chosen !== '') edit({ kind: 'set', pointer, value: `${chosen}:00Z` });
          }}
        />
        <span class="dim">UTC</span>
      </div>
    );
  }
  return null;
}
