/** "Get new sample": the connector's URL, a countdown, and what arrives. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CaptureAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { listing } from '../listing.ts';
import { Copied } from './copied.tsx';

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
