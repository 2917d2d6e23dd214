/** Trying it: a test card or a signed request from a sample, changed as one likes; and the recorded cases. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CasesAnswer, SentAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { CodeEditor } from '../code-editor.tsx';
import { answer, flush, hasChanges, texts } from '../editing.ts';
import { listing } from '../listing.ts';
import { shortName } from './properties.tsx';

const handed = signal<{ readonly connector: string; readonly sample: string } | null>(null);

export function startTrial(connector: string, sample: string): void {
  handed.value = { connector, sample };
}

const TO = 'sluice-studio-to';

export function TestTab({ name }: { readonly name: string }) {
  return (
    <div class="two">
      <Send name={name} />
      <Cases name={name} />
    </div>
  );
}

function Send({ name }: { readonly name: string }) {
  const samples = answer.value?.samples ?? [];
  const text = useSignal<string | null>(null);
  const to = useSignal(localStorage.getItem(TO) ?? '');
  const sent = useSignal<SentAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    if (handed.value?.connector === name) text.value = handed.value.sample;
    handed.value = null;
  }, [name]);
  const shown = text.value ?? samples[0]?.body ?? '';
  const isServed = listing.value?.isServing === true;

  const go = async (how: 'card' | 'signed'): Promise<void> => {
    localStorage.setItem(TO, to.value);
    sent.value = null;
    const called = await call('send', { name, sample: shown, to: to.value, how });
    problem.value = called.ok ? null : called.detail;
    if (called.ok) sent.value = called.value;
  };
  return (
    <section class="pane" aria-labelledby="send-title">
      <h2 id="send-title">Send a test card</h2>
      <div class="samples" role="group" aria-label="Begin with a sample">
        {samples.map((one) => (
          <button
            key={one.name}
            type="button"
            onClick={() => {
              text.value = one.body;
            }}
          >
            {shortName(one.name)}
          </button>
        ))}
      </div>
      <CodeEditor
        label="The request that is sent"
        language="json"
        text={shown}
        problems={[]}
        onChange={(next) => {
          text.value = next;
        }}
      />
      <div class="actions">
        <label>
          To me{' '}
          <input
            class="mono"
            placeholder="as mapped"
            value={to.value}
            onInput={(event) => {
              to.value = event.currentTarget.value;
            }}
          />
        </label>
        <button
          type="button"
          class="primary"
          disabled={!isServed || shown === ''}
          onClick={() => void go('card')}
        >
          Send a test card
        </button>
        <button type="button" disabled={!isServed || shown === ''} onClick={() => void go('signed')}>
          Send a signed request
        </button>
      </div>
      {isServed ? null : <p class="dim">Nothing is served here: start it with npm start.</p>}
      {hasChanges.value ? <p class="dim">The saved connector maps it: save your changes first.</p> : null}
      <div role="status">
        {problem.value === null ? null : <p class="note bad">{problem.value}</p>}
        {sent.value === null ? null : <Sent sent={sent.value} />}
      </div>
    </section>
  );
}

function Sent({ sent: { outcome, code, message, status, triggers } }: { readonly sent: SentAnswer }) {
  return (
    <>
      <p class={`note ${outcome === 'delivered' ? 'good' : 'warn'}`}>
        <strong>{outcome}</strong>
        {code === outcome ? '' : ` (${code})`}
        {status === null ? '' : `, HTTP ${status}`}
        {message === null ? '.' : `: ${message}`}
      </p>
      {triggers.map((trigger, index) => (
        <pre key={index} class="block" tabIndex={0}>
          {trigger}
        </pre>
      ))}
    </>
  );
}

function Cases({ name }: { readonly name: string }) {
  const result = useSignal<CasesAnswer | null>(null);
  const isRunning = useSignal(false);
  const run = async (): Promise<void> => {
    isRunning.value = true;
    await flush();
    const called = await call('cases', { name, texts: texts.value });
    isRunning.value = false;
    if (called.ok) result.value = called.value;
  };
  const runs = result.value?.runs ?? [];
  const failing = runs.filter(({ passes }) => !passes).length;
  return (
    <section class="pane" aria-labelledby="cases-title">
      <div class="title">
        <h2 id="cases-title">Cases</h2>
        <button type="button" onClick={() => void run()} disabled={isRunning.value}>
          {isRunning.value ? 'Running…' : 'Run the cases'}
        </button>
      </div>
      <p role="status">
        {result.value === null
          ? 'Recorded requests, each with what must become of it. They run on what stands here, saved or not.'
          : !result.value.canRun
            ? 'The connector has errors: there is nothing to run them on.'
            : runs.length === 0
              ? 'There are none. The page of requests makes one of a request.'
              : failing === 0
                ? `All ${runs.length} hold.`
                : `${failing} of ${runs.length} do not hold.`}
      </p>
      <ul class="cases">
        {runs.map(({ note, file, line, passes, outcome, lines }) => (
          <li key={`${file}${line}`} class={passes ? 'ok' : 'bad'}>
            <span aria-hidden="true">{passes ? '✓' : '✕'}</span>{' '}
            <span class="unseen">{passes ? 'holds' : 'does not hold'}</span>
            {note}{' '}
            <small class="dim">
              {outcome ?? ''} {file}:{line}
            </small>
            {lines.length === 0 ? null : (
              <pre>
                {lines.map(({ kind, text }, index) => (
                  <span key={index} class={kind === 'wanted' ? 'del' : kind === 'got' ? 'add' : 'same'}>
                    {text}
                    {'\n'}
                  </span>
                ))}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
