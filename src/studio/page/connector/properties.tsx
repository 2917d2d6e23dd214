/** The mappable properties as a tree: type, whether they may be missing, and each sample's value. A click maps one. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { PageProperty } from '../../api.ts';
import { answer } from '../editing.ts';
import { pathTaker } from '../focus.ts';

/** Rows at once; the filter finds the others. */
const SHOWN = 150;

export function Properties() {
  const filter = useSignal('');
  const active = useSignal(0);
  const shown = useSignal(SHOWN);
  const all = answer.value?.properties ?? [];
  const samples = answer.value?.samples ?? [];
  const wanted = filter.value.trim().toLowerCase();
  const found =
    wanted === ''
      ? all
      : all.filter((one) => `${one.path} ${one.examples.join(' ')}`.toLowerCase().includes(wanted));
  const rows = found.slice(0, shown.value);
  const taker = pathTaker.value;

  const place = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    active.value = Math.max(0, Math.min(rows.length - 1, active.value + step));
    place.current?.querySelectorAll<HTMLElement>('td button')[active.value]?.focus();
  };

  return (
    <section class="pane properties" aria-labelledby="properties-title">
      <div class="title">
        <h2 id="properties-title">Properties</h2>
        <input
          type="search"
          aria-label="Find a property or a value"
          placeholder="Find"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
            active.value = 0;
          }}
        />
      </div>
      <p class="hint">
        {taker === null ? (
          'Choose a field, then a property.'
        ) : (
          <>
            A click maps it to <b>{taker.label}</b>; Alt+→ goes from there to here.
          </>
        )}
      </p>
      {all.length === 0 ? <p class="dim">No sample yet: add one, and its properties stand here.</p> : null}
      <div class="scroll" ref={place}>
        <table>
          <thead class={samples.length > 1 ? undefined : 'unseen'}>
            <tr>
              <th scope="col">property</th>
              <th scope="col">type</th>
              {samples.length > 1 ? (
                samples.map(({ name }) => (
                  <th key={name} scope="col">
                    {shortName(name)}
                  </th>
                ))
              ) : (
                <th scope="col">value</th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((one, index) => (
              <Row
                key={one.path}
                property={one}
                isActive={index === active.value}
                onFocus={() => {
                  active.value = index;
                }}
                isFiltered={wanted !== ''}
                onKeyDown={move}
              />
            ))}
          </tbody>
        </table>
      </div>
      {found.length > rows.length ? (
        <button
          type="button"
          onClick={() => {
            shown.value += SHOWN;
          }}
        >
          {found.length - rows.length + (answer.value?.moreProperties ?? 0)} more
        </button>
      ) : null}
      {found.length === 0 && all.length > 0 ? <p class="dim">None like that.</p> : null}
    </section>
  );
}

interface RowProps {
  readonly property: PageProperty;
  readonly isActive: boolean;
  readonly isFiltered: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Row({ property, isActive, isFiltered, onFocus, onKeyDown }: RowProps) {
  const { path, label, depth, type, isOptional, examples, isUsed } = property;
  return (
    <tr class={isUsed ? 'used' : undefined}>
      <td>
        <button
          type="button"
          class={`path depth-${Math.min(depth, 8)}`}
          title={path}
          aria-label={`${isFiltered ? path.slice(2) : label}: map ${path}`}
          tabIndex={isActive ? 0 : -1}
          onFocus={onFocus}
          onKeyDown={onKeyDown}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pathTaker.value?.take(path)}
        >
          {isFiltered ? path.slice(2) : label}
        </button>
      </td>
      <td class="type">
        {type} {isOptional ? <span class="optional">optional</span> : null}
      </td>
      {examples.length === 0 ? (
        <td />
      ) : (
        examples.map((example, index) => <Example key={index} text={example} />)
      )}
    </tr>
  );
}

function Example({ text }: { readonly text: string | null }) {
  if (text === null) return <td class="none">–</td>;
  const shown = text.replace(/^"(.*)"$/s, '$1');
  return (
    <td class="value" title={shown}>
      <bdi>{/^[[{]/.test(text) ? '' : shown}</bdi>
    </td>
  );
}

export function shortName(name: string): string {
  return name.replace(/^samples\//, '').replace(/\.json$/, '');
}
