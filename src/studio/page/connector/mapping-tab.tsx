/** The mapping: on the left the form or the text, two views of the same file; on the right what comes out of it. */
import { signal } from '@preact/signals';
import { answer } from '../editing.ts';
import { MappingForm } from './mapping-form.tsx';
import { Preview } from './preview.tsx';
import { Problems } from './problems.tsx';
import { Properties } from './properties.tsx';
import { TextView } from './text-view.tsx';

const view = signal<'form' | 'text'>('form');

export function MappingTab() {
  const canShowForm = answer.value?.value !== null;
  const shown = canShowForm ? view.value : 'text';
  return (
    <div class="mapping">
      <section class="left" aria-label="Mapping">
        <div class="switch" role="group" aria-label="How to edit">
          {(['form', 'text'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={shown === one}
              disabled={one === 'form' && !canShowForm}
              onClick={() => {
                view.value = one;
              }}
            >
              {one === 'form' ? 'Form' : 'Text'}
            </button>
          ))}
          {canShowForm ? null : <span class="bad">The text has to be correct before it can be a form.</span>}
        </div>
        {shown === 'form' ? <MappingForm /> : <TextView />}
        <Problems isWholeFile={shown === 'text'} />
      </section>
      <div class="right">
        <Preview />
        <Properties />
      </div>
    </div>
  );
}
