/** Paused and held: since when and why, what each request lacked, and the ways out. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HeldAnswer, HeldDetail, LearnAnswer, ReplayAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { propose, texts } from '../editing.ts';
import { listing, refreshListing } from '../listing.ts';
import { Differences } from '../requests.tsx';
import { addressOf } from '../route.ts';
import { StayingKeys } from '../staying-keys.tsx';
import { Mend } from './mend.tsx';

export function HeldTab({ name }: { readonly name: string }) {
  const state = useSignal<HeldAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const results = useSignal<ReplayAnswer['results']>([]);
  const look = async (): Promise<void> => {
    const called = await call('held', { name });
    problem.value = called.ok ? null : called.detail;
    if (called.ok) state.value = called.value;
  };
  useEffect(() => void look(), [name, listing.value]);

  const act = async (action: () => Promise<{ ok: boolean; detail?: string }>): Promise<void> => {
    const done = await action();
    problem.value = done.ok ? null : (done.detail ?? null);
    await Promise.all([look(), refreshListing()]);
  };
  const replay = (ids: readonly string[], dryRun: boolean): Promise<void> =>
    act(async () => {
      const called = await call('replay', { ids, dryRun });
      if (called.ok) results.value = called.value.results;
      return called;
    });
  if (state.value === null) return <p class="dim pad">{problem.value ?? 'Reading…'}</p>;
  const { paused, holds, total } = state.value;
  const ids = holds.map(({ id }) => id);
  return (
    <div class="pad held">
      {problem.value === null ? null : (
        <p class="note bad" role="alert">
          {problem.value}
        </p>
      )}
      <section aria-labelledby="paused-title" class={paused === null ? 'note' : 'note bad'}>
        <h2 id="paused-title">
          {paused === null ? 'Not paused' : `Paused since ${new Date(paused.at).toLocaleString()}`}
        </h2>
        <p>
          {paused === null ? 'Requests that fit are delivered.' : `${paused.reason}. What arrives is kept.`}
        </p>
        {paused === null || paused.differences.length === 0 ? null : (
          <Differences differences={paused.differences} title="What differed from the samples" />
        )}
        {paused === null ? (
          <button
            type="button"
            onClick={() => void act(() => call('pause', { name, reason: 'paused from the studio' }))}
          >
            Pause it
          </button>
        ) : (
          <button type="button" onClick={() => void act(() => call('resume', { name }))}>
            Resume
          </button>
        )}
      </section>
      <section aria-labelledby="holds-title">
        <div class="title">
          <h2 id="holds-title">{total === 0 ? 'Nothing is held' : `${total} held`}</h2>
          {total === 0 ? null : (
            <>
              <button type="button" onClick={() => void replay(ids, true)}>
                Try all (sends nothing)
              </button>
              <button type="button" onClick={() => void replay(ids, false)}>
                Send all
              </button>
            </>
          )}
        </div>
        <Results results={results.value} />
        {total === 0 ? null : <Mend name={name} />}
        <ul class="holds">
          {holds.map((one) => (
            <Hold
              key={one.id}
              name={name}
              hold={one}
              onReplay={(dryRun) => void replay([one.id], dryRun)}
              onDiscard={() => void act(() => call('discard', { ids: [one.id] }))}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}

function Results({ results }: { readonly results: ReplayAnswer['results'] }) {
  if (results.length === 0) return null;
  const counts = Map.groupBy(results, ({ code }) => code);
  return (
    <p class="note" role="status">
      {[...counts].map(([code, ones]) => `${ones.length} ${code}`).join(', ')}
      {results.find(({ message }) => message !== null)?.message == null
        ? '.'
        : `: ${results.find(({ message }) => message !== null)?.message}.`}
    </p>
  );
}

interface HoldProps {
  readonly name: string;
  readonly hold: HeldAnswer['holds'][number];
  readonly onReplay: (dryRun: boolean) => void;
  readonly onDiscard: () => void;
}

function Hold({ name, hold, onReplay, onDiscard }: HoldProps) {
  const detail = useSignal<HeldDetail | null>(null);
  const learned = useSignal<LearnAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const isSure = useSignal(false);
  const { id, code, message, receivedAt, count } = hold;

  const toggle = async (): Promise<void> => {
    if (detail.value !== null) {
      detail.value = null;
      return;
    }
    const called = await call('hold', { id });
    if (called.ok) detail.value = called.value;
  };
  const learn = async (): Promise<void> => {
    const called = await call('learn', { name, texts: texts.value, id, keep: [] });
    problem.value = called.ok ? null : called.detail;
    if (called.ok) learned.value = called.value;
  };
  return (
    <li>
      <div class="title">
        <button
          type="button"
          class="link"
          aria-expanded={detail.value !== null}
          onClick={() => void toggle()}
        >
          {new Date(receivedAt).toLocaleString()}
        </button>
        <span class="grow">
          <strong>{code}</strong> {message} {count > 1 ? <small>sent {count} times</small> : null}
        </span>
        <button type="button" onClick={() => void learn()}>
          Learn…
        </button>
        <button type="button" onClick={() => onReplay(true)}>
          Try
        </button>
        <button type="button" onClick={() => onReplay(false)}>
          Send
        </button>
        <button
          type="button"
          onClick={() => {
            if (isSure.value) onDiscard();
            isSure.value = true;
          }}
        >
          {isSure.value ? 'Really discard' : 'Discard…'}
        </button>
      </div>
      {problem.value === null ? null : <p class="note bad">{problem.value}</p>}
      {learned.value === null ? null : <Learned name={name} learned={learned.value} />}
      {detail.value === null ? null : (
        <div class="detail">
          {detail.value.differences.length === 0 ? null : (
            <Differences differences={detail.value.differences} title="What differed from the samples" />
          )}
          <pre tabIndex={0}>{detail.value.body}</pre>
        </div>
      )}
    </li>
  );
}

function Learned({
  name,
  learned: { path, texts: proposed, keys, changes },
}: {
  readonly name: string;
  readonly learned: LearnAnswer;
}) {
  const isAccepted = useSignal(false);
  return (
    <div class="note">
      <p>
        It would become the sample <code>{path}</code>, its values replaced by others of their form.
        {changes.length === 0 ? ' The shape stays as it is.' : ' Then the shape accepts:'}
      </p>
      <ul>
        {changes.map((one) => (
          <li key={one}>
            <code>{one}</code>
          </li>
        ))}
      </ul>
      <StayingKeys keys={keys} isAccepted={isAccepted} />
      {keys.length > 0 && !isAccepted.value ? null : (
        <a class="button" href={addressOf(name, 'samples')} onClick={() => propose(proposed)}>
          Add the sample
        </a>
      )}
    </div>
  );
}
