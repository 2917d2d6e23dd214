/** What the mapping makes of each sample: the card's data, whom it goes to, or why there is no card. */
import { signal } from '@preact/signals';
import type { PageElement, PageSample } from '../../api.ts';
import { answer, isWorking } from '../editing.ts';
import { shortName } from './properties.tsx';

/** Characters of a value; the JSON has all of them. */
const MAX_SHOWN = 400;

/** Which sample is looked at, and which element of its batch. */
export const shownSample = signal(0);
export const shownElement = signal(0);
const asJson = signal(false);

/** The sample that is looked at; undefined: there is none. */
export function currentSample(): PageSample | undefined {
  const samples = answer.value?.samples ?? [];
  return samples[Math.min(shownSample.value, samples.length - 1)];
}

/** What comes out at a place of the trigger in the sample that is looked at. */
export function resultAt(pointer: string): string | undefined {
  const element = currentElement();
  if (element?.kind === 'card' && pointer === '/targetUserIds') return element.targetUserIds.join(', ');
  return element?.kind === 'card' ? element.rows.find((row) => row.pointer === pointer)?.text : undefined;
}

export function currentElement(): PageElement | undefined {
  const elements = currentSample()?.elements ?? [];
  return elements[Math.min(shownElement.value, elements.length - 1)];
}

export function Preview() {
  const samples = answer.value?.samples ?? [];
  const errors = answer.value?.problems.filter(({ severity }) => severity === 'error') ?? [];
  return (
    <section class="pane preview" aria-labelledby="preview-title" aria-busy={isWorking.value}>
      <div class="title">
        <h2 id="preview-title">Preview</h2>
        <button
          type="button"
          class="link"
          aria-pressed={asJson.value}
          onClick={() => {
            asJson.value = !asJson.value;
          }}
        >
          {asJson.value ? 'Readable' : 'JSON'}
        </button>
      </div>
      <div class="samples" role="group" aria-label="Sample">
        {samples.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === currentSample()?.name}
            onClick={() => {
              shownSample.value = index;
              shownElement.value = 0;
            }}
          >
            {shortName(name)}
          </button>
        ))}
      </div>
      <div aria-live="polite">
        {samples.length > 0 ? (
          <SampleResult />
        ) : errors.length > 0 ? (
          <p class="note bad">
            Nothing to show until {errors.length === 1 ? 'the error is' : `${errors.length} errors are`}{' '}
            mended: {errors[0]?.message}.
          </p>
        ) : (
          <p class="dim">No sample yet. Every request is held until there is one.</p>
        )}
      </div>
      <Facts />
    </section>
  );
}

/** What the signature proves at once; what pauses the connector for those who ask. */
function Facts() {
  const [first, ...rest] = answer.value?.facts ?? [];
  if (first === undefined) return null;
  return (
    <details class="facts">
      <summary>{first}</summary>
      {rest.map((fact) => (
        <p key={fact}>{fact}</p>
      ))}
    </details>
  );
}

/** The variables are what people look for; what Sluice works out itself comes last. */
function orderOf(pointer: string): number {
  return (
    ['/variables', '/cardOptions', '/notificationDetail', '/metadata'].findIndex((part) =>
      pointer.startsWith(part),
    ) >>> 0
  );
}

function SampleResult() {
  const sample = currentSample();
  if (sample === undefined) return null;
  if (sample.notOurs !== null) return <p class="note">{sample.notOurs}</p>;
  const { elements } = sample;
  return (
    <>
      {elements.length > 1 ? <ElementChoice count={elements.length} /> : null}
      <Element element={currentElement()} mode={sample.mode} />
    </>
  );
}

function ElementChoice({ count }: { readonly count: number }) {
  const at = Math.min(shownElement.value, count - 1);
  const go = (to: number) => () => {
    shownElement.value = to;
  };
  return (
    <p class="elements">
      <button type="button" aria-label="Previous element" disabled={at === 0} onClick={go(at - 1)}>
        ‹
      </button>{' '}
      element {at + 1} of {count}{' '}
      <button type="button" aria-label="Next element" disabled={at === count - 1} onClick={go(at + 1)}>
        ›
      </button>
    </p>
  );
}

function Element({ element, mode }: { readonly element: PageElement | undefined; readonly mode: string }) {
  if (element === undefined) return <p class="note">The batch is empty: nothing to tell.</p>;
  if (element.kind === 'ignored') {
    return (
      <p class="note">
        <strong>Ignored.</strong> {element.message}
      </p>
    );
  }
  if (element.kind === 'held') {
    return (
      <p class="note bad">
        <strong>{element.pauses ? 'Held, and the connector pauses.' : 'Held.'}</strong> {element.message}
        {element.place === null ? '' : ` (${element.place.file}:${element.place.line})`}
      </p>
    );
  }
  return (
    <div class="card">
      <div class="top">
        <span class={`pill ${mode}`}>{mode} card</span> for{' '}
        <strong>
          <bdi>{element.targetUserIds.join(', ')}</bdi>
        </strong>
      </div>
      {asJson.value ? (
        <pre class="json" tabIndex={0} role="group" aria-label="Trigger as JSON">
          {element.json}
        </pre>
      ) : (
        <dl>
          {element.rows
            .toSorted((one, other) => orderOf(one.pointer) - orderOf(other.pointer))
            .map(({ pointer, label, text }) => (
              <div key={pointer} class={pointer.startsWith('/variables') ? undefined : 'aside'}>
                <dt>{label}</dt>
                <dd>
                  {text === '' ? (
                    <span class="dim">empty</span>
                  ) : (
                    <bdi>{text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}</bdi>
                  )}
                </dd>
              </div>
            ))}
        </dl>
      )}
    </div>
  );
}
