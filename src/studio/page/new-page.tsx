/** A new connector: who sends, what is known of it, and an example request, or a stub that waits for the first one. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PagePreset, ShippedEvent } from '../api.ts';
import { call } from './call.ts';
import { PresetFacts } from './connector/security-tab.tsx';
import { begin, openName } from './editing.ts';
import { addressOf } from './route.ts';
import { StayingKeys } from './staying-keys.tsx';

const OTHER = [
  { name: ':header', title: 'Another sender that signs the body (HMAC-SHA-256)' },
  { name: ':url-key', title: 'A sender that cannot sign: a secret URL' },
];

export function NewPage() {
  const presets = useSignal<readonly PagePreset[]>([]);
  const filter = useSignal('');
  const sender = useSignal<string | null>(null);
  const name = useSignal('');
  const flow = useSignal('');
  const description = useSignal('');
  const header = useSignal('x-signature');
  const pasted = useSignal('');
  /** Of the chosen provider, those of which samples come with Sluice, and the chosen one. */
  const events = useSignal<readonly ShippedEvent[]>([]);
  const event = useSignal('');
  const problem = useSignal<string | null>(null);
  const keys = useSignal<readonly string[]>([]);
  const isAccepted = useSignal(false);
  useEffect(() => {
    document.title = 'New connector · Sluice studio';
    void (async () => {
      const called = await call('presets', {});
      if (called.ok) presets.value = called.value.presets;
    })();
  }, []);
  const wanted = filter.value.trim().toLowerCase();
  const found = [...presets.value, ...OTHER].filter((one) =>
    `${one.name} ${one.title}`.toLowerCase().includes(wanted),
  );
  const preset = presets.value.find((one) => one.name === sender.value);

  const choose = async (chosen: string): Promise<void> => {
    sender.value = chosen;
    events.value = [];
    event.value = '';
    if (chosen.startsWith(':')) return;
    if (name.value === '') name.value = `${chosen}-`;
    const called = await call('shipped', { preset: chosen });
    if (called.ok && sender.value === chosen) events.value = called.value.events;
  };
  const make = async (): Promise<void> => {
    problem.value = null;
    let sample: string | undefined;
    if (event.value === '' && pasted.value.trim() !== '') {
      const read = await call('paste', { text: pasted.value });
      if (!read.ok) {
        problem.value = read.detail;
        return;
      }
      sample = read.value.sample;
    }
    const proof =
      sender.value === ':header'
        ? { header: header.value.trim().toLowerCase() }
        : sender.value === ':url-key'
          ? { urlKey: true }
          : { preset: sender.value ?? undefined };
    const called = await call('create', {
      name: name.value.trim(),
      actionFlow: flow.value.trim(),
      description: description.value,
      ...proof,
      sample,
      event: event.value || undefined,
    });
    if (!called.ok) {
      problem.value = called.detail;
      return;
    }
    keys.value = called.value.keys;
    if (keys.value.length > 0 && !isAccepted.value) return;
    begin(name.value.trim(), called.value.texts);
    openName.value = null;
    location.hash = addressOf(
      name.value.trim(),
      sample === undefined && event.value === '' ? 'samples' : 'mapping',
    );
  };
  return (
    <main id="main" tabIndex={-1} class="new">
      <h1>New connector</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <fieldset>
          <legend>Who sends the events?</legend>
          <input
            type="search"
            aria-label="Find a provider"
            placeholder={`Type to find one of ${presets.value.length}`}
            value={filter.value}
            onInput={(event) => {
              filter.value = event.currentTarget.value;
            }}
          />
          <div class="choices">
            {found.map((one) => (
              <label key={one.name} class="choice">
                <input
                  type="radio"
                  name="sender"
                  checked={sender.value === one.name}
                  onChange={() => void choose(one.name)}
                />{' '}
                {one.title}
              </label>
            ))}
          </div>
          {preset === undefined ? null : (
            <details open>
              <summary>What {preset.title} proves, and what to enter there</summary>
              <PresetFacts preset={preset} />
            </details>
          )}
          {sender.value === ':header' ? <Line label="The header with the signature" value={header} /> : null}
        </fieldset>
        <fieldset>
          <legend>The connector</legend>
          <Line
            label="Name"
            value={name}
            placeholder="stripe-payment-failed"
            hint="Lower-case letters, digits and dashes: the folder, and the end of its URL."
          />
          <Line
            label="Action Flow"
            value={flow}
            placeholder="BkX2pQ"
            hint="The configuration id of the flow that it starts."
          />
          <Line
            label="What for"
            value={description}
            placeholder="Tell the customer that a payment failed"
            isPlain
          />
        </fieldset>
        <fieldset>
          <legend>An example request</legend>
          {events.value.length === 0 ? null : (
            <EventChoice title={preset?.title ?? ''} events={events.value} chosen={event} />
          )}
          {event.value !== '' ? null : (
            <label class="block">
              Paste JSON, form fields or a curl command; or leave it empty and wait for the first request.
              <textarea
                rows={6}
                spellcheck={false}
                value={pasted.value}
                onInput={(event) => {
                  pasted.value = event.currentTarget.value;
                  keys.value = [];
                  isAccepted.value = false;
                }}
              />
            </label>
          )}
        </fieldset>
        <StayingKeys keys={keys.value} isAccepted={isAccepted} />
        {problem.value === null ? null : (
          <p class="note bad" role="alert">
            {problem.value}
          </p>
        )}
        <button
          type="submit"
          class="primary"
          disabled={
            sender.value === null ||
            name.value === '' ||
            flow.value === '' ||
            (keys.value.length > 0 && !isAccepted.value)
          }
        >
          {event.value === '' && pasted.value.trim() === ''
            ? 'Make it, and wait for the first request'
            : 'Make it'}
        </button>
        <p class="dim">Nothing is written before you save it.</p>
      </form>
    </main>
  );
}

interface EventChoiceProps {
  readonly title: string;
  readonly events: readonly ShippedEvent[];
  readonly chosen: { value: string };
}

/** Samples in the form that the provider documents, with made-up values. */
function EventChoice({ title, events, chosen }: EventChoiceProps) {
  return (
    <label class="block">
      An event of {title} of which samples with made-up values come with Sluice:
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value;
        }}
      >
        <option value="">another one</option>
        {events.map((one) => (
          <option key={one.event} value={one.event}>
            {one.event}: {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}

interface LineProps {
  readonly label: string;
  readonly value: { value: string };
  readonly placeholder?: string;
  readonly hint?: string;
  readonly isPlain?: boolean;
}

function Line({ label, value, placeholder, hint, isPlain = false }: LineProps) {
  return (
    <label class="line">
      <span>{label}</span>
      <input
        class={isPlain ? undefined : 'mono'}
        placeholder={placeholder}
        value={value.value}
        spellcheck={false}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      {hint === undefined ? null : <small class="dim">{hint}</small>}
    </label>
  );
}
