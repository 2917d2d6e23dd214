/** The samples: what is there, and how a new one comes in: pasted, or sent to the connector's URL. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CaptureAnswer, RedactAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { CodeEditor } from '../code-editor.tsx';
import { answer, edit, flush, propose, textOf, texts, write } from '../editing.ts';
import { listing } from '../listing.ts';
import { StayingKeys } from '../staying-keys.tsx';
import { memberOf } from '../yaml-value.ts';
import { shortName } from './properties.tsx';

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

const SECONDS = 300;
const LOOK_MS = 1000;

/** "Get new sample": a URL, a countdown, and what arrives. */
export function Capture({
  name,
  onSample,
}: {
  readonly name: string;
  readonly onSample: (sample: string) => void;
}) {
  const state = useSignal<CaptureAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const left = useSignal(0);
  const before = useSignal<string | null>(null);
  const isServed =
    listing.value?.isServing === true && listing.value.connectors.some((one) => one.name === name);

  useEffect(() => {
    if (state.value?.endsAt == null) return;
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [state.value?.endsAt]);

  const look = async (): Promise<void> => {
    const called = await call('capture', { name });
    if (!called.ok) return;
    const { latest, endsAt } = called.value;
    left.value = endsAt === null ? 0 : Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    state.value = called.value;
    if (latest !== null && latest.name !== before.value) onSample(latest.sample);
  };
  const openWindow = async (): Promise<void> => {
    const first = await call('capture', { name });
    before.value = first.ok ? (first.value.latest?.name ?? null) : null;
    const called = await call('capture', { name, seconds: SECONDS });
    problem.value = called.ok ? null : called.detail;
    if (called.ok) state.value = called.value;
    left.value = SECONDS;
  };
  if (!isServed) return <p class="dim">Save the connector first; then its URL can wait for a request.</p>;
  return (
    <div class="capture">
      <h3>Or get a new one</h3>
      {state.value?.endsAt == null ? (
        <button type="button" onClick={() => void openWindow()}>
          Get new sample…
        </button>
      ) : (
        <div role="status">
          <p>
            Send one request to <Copied text={state.value.url} />
          </p>
          <p class="dim">It need not be signed. Waiting {left.value} s…</p>
        </div>
      )}
      {problem.value === null ? null : <p class="note bad">{problem.value}</p>}
    </div>
  );
}

export function Copied({ text }: { readonly text: string }) {
  const isDone = useSignal(false);
  return (
    <span class="copied">
      <code>{text}</code>{' '}
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(text);
          isDone.value = true;
        }}
      >
        {isDone.value ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}

/** What arrived beside what the file would say; a tick keeps a value as it was. */
function Redaction({
  name,
  sample,
  onDone,
}: {
  readonly name: string;
  readonly sample: string;
  readonly onDone: () => void;
}) {
  const keep = useSignal<readonly string[]>([]);
  const shown = useSignal<RedactAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const fileName = useSignal('');
  const isAccepted = useSignal(false);
  const isReady = shown.value !== null && (shown.value.keys.length === 0 || isAccepted.value);

  useEffect(() => {
    void (async () => {
      const called = await call('redact', { name, texts: texts.value, sample, keep: keep.value });
      problem.value = called.ok ? null : called.detail;
      if (called.ok) shown.value = called.value;
    })();
  }, [sample, keep.value]);

  const add = async (): Promise<void> => {
    const text = shown.value?.text;
    if (text === undefined) return;
    await flush();
    const count = (answer.value?.samples.length ?? 0) + 1;
    const typed = fileName.value.trim().replace(/\.json$/, '');
    const path = `samples/${/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(typed) ? typed : `sample-${count}`}.json`;
    propose({ [path]: text });
    const listed = memberOf(answer.value?.value, 'samples');
    edit({
      kind: 'insert',
      pointer: '/samples',
      index: Array.isArray(listed) ? listed.length : 0,
      value: path,
    });
    onDone();
  };
  return (
    <>
      {problem.value === null ? null : <p class="note bad">{problem.value}</p>}
      <p class="dim">
        Values are replaced by others of their form before they go into git. Tick what may stay.
      </p>
      <div class="scroll-x" tabIndex={0} role="group" aria-label="What arrived, and what the file would say">
        <table class="redaction">
          <thead>
            <tr>
              <th scope="col">keep</th>
              <th scope="col">path</th>
              <th scope="col">arrived</th>
              <th scope="col">in the file</th>
            </tr>
          </thead>
          <tbody>
            {shown.value?.rows.map(({ path, was, is }) => (
              <tr key={path}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Keep ${path}`}
                    checked={was === is || keep.value.includes(path)}
                    disabled={was === is && !keep.value.includes(path)}
                    onChange={(event) => {
                      keep.value = event.currentTarget.checked
                        ? [...keep.value, path]
                        : keep.value.filter((one) => one !== path);
                    }}
                  />
                </td>
                <td>
                  <code>{path}</code>
                </td>
                <td class="value">
                  <bdi>{was}</bdi>
                </td>
                <td class={was === is ? 'value dim' : 'value'}>
                  <bdi>{is}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <StayingKeys keys={shown.value?.keys ?? []} isAccepted={isAccepted} />
      <div class="actions">
        <label>
          File{' '}
          <input
            class="mono"
            placeholder={`sample-${(answer.value?.samples.length ?? 0) + 1}`}
            value={fileName.value}
            onInput={(event) => {
              fileName.value = event.currentTarget.value;
            }}
          />
        </label>
        <button type="button" class="primary" disabled={!isReady} onClick={() => void add()}>
          Add the sample
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </>
  );
}
