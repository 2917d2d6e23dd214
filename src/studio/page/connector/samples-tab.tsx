/** The samples: what is there, and how a new one comes in: pasted, or sent to the connector's URL. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../call.ts';
import { CodeEditor } from '../code-editor.tsx';
import { answer, edit, textOf, write } from '../editing.ts';
import { memberOf } from '../yaml-value.ts';
import { Capture } from './capture.tsx';
import { shortName } from './properties.tsx';
import { Redaction } from './redaction.tsx';

/** A request that another page has handed over, for one connector. */
const handed = signal<{ readonly connector: string; readonly sample: string } | null>(null);

export function startSample(connector: string, sample: string): void {
  handed.value = { connector, sample };
}

export function SamplesTab({ name }: { readonly name: string }) {
  const shown = useSignal(0);
  const samples = (memberOf(answer.value?.value, 'samples') as readonly unknown[] | undefined) ?? [];
  const paths = samples.filter((one): one is string => typeof one === 'string');
  const path = paths[Math.min(shown.value, paths.length - 1)];
  const problems = (answer.value?.problems ?? []).filter(
    ({ file, silenced }) => file === path && silenced === null,
  );
  return (
    <div class="two">
      <section class="pane" aria-labelledby="samples-title">
        <h2 id="samples-title">Samples</h2>
        {paths.length === 0 ? <p class="dim">None yet. Until there is one, every request is held.</p> : null}
        <div class="samples" role="group" aria-label="Sample">
          {paths.map((one, index) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === path}
              onClick={() => {
                shown.value = index;
              }}
            >
              {shortName(one)}
            </button>
          ))}
        </div>
        {path === undefined ? null : (
          <>
            <CodeEditor
              key={path}
              label={path}
              language="json"
              text={textOf(path)}
              problems={problems}
              onChange={(text) => write(path, text)}
            />
            <button
              type="button"
              class="below"
              onClick={() => edit({ kind: 'remove', pointer: `/samples/${paths.indexOf(path)}` })}
            >
              Take {shortName(path)} out of the list
            </button>
          </>
        )}
        <Optional />
      </section>
      <AddSample name={name} />
    </div>
  );
}

/** What not every sample has: the mapping needs a default there. */
function Optional() {
  const optional = (answer.value?.properties ?? []).filter(({ isOptional }) => isOptional);
  if (optional.length === 0 || (answer.value?.samples.length ?? 0) < 2) return null;
  return (
    <>
      <h3>Not in every sample</h3>
      <ul class="paths">
        {optional.slice(0, 50).map(({ path }) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

function AddSample({ name }: { readonly name: string }) {
  const pasted = useSignal('');
  const problem = useSignal<string | null>(null);
  const sample = useSignal<string | null>(null);
  useEffect(() => {
    if (handed.value?.connector !== name) return;
    sample.value = handed.value.sample;
    handed.value = null;
  }, [name, handed.value]);

  const read = async (text: string): Promise<void> => {
    pasted.value = text;
    if (text.trim() === '') return;
    const called = await call('paste', { text });
    problem.value = called.ok ? null : called.detail;
    if (called.ok) sample.value = called.value.sample;
  };
  return (
    <section class="pane" aria-labelledby="add-title">
      <h2 id="add-title">Add a sample</h2>
      {sample.value === null ? (
        <>
          <label class="block">
            Paste JSON, form fields, or a curl command
            <textarea
              rows={7}
              spellcheck={false}
              value={pasted.value}
              aria-invalid={problem.value !== null}
              onInput={(event) => void read(event.currentTarget.value)}
            />
          </label>
          {problem.value === null ? null : (
            <p class="note bad" role="status">
              {problem.value}
            </p>
          )}
          <Capture
            name={name}
            onSample={(one) => {
              sample.value = one;
            }}
          />
        </>
      ) : (
        <Redaction
          name={name}
          sample={sample.value}
          onDone={() => {
            sample.value = null;
            pasted.value = '';
          }}
        />
      )}
    </section>
  );
}
