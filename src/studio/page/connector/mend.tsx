/** Of what is held: one change that would let more of it pass, with what it would have done; taken as a draft, or as a patch. */
import { useSignal } from '@preact/signals';
import type { Fates, MendAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { propose, texts } from '../editing.ts';
import { Differences } from '../requests.tsx';
import { addressOf } from '../route.ts';

export function Mend({ name }: { readonly name: string }) {
  const found = useSignal<MendAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const isWorking = useSignal(false);
  const look = async (): Promise<void> => {
    isWorking.value = true;
    const called = await call('mend', { name, texts: texts.value });
    isWorking.value = false;
    problem.value = called.ok ? null : called.detail;
    found.value = called.ok ? called.value : null;
  };
  return (
    <>
      <button type="button" disabled={isWorking.value} onClick={() => void look()}>
        {isWorking.value ? 'Trying…' : 'Propose a change'}
      </button>
      <div role="status">
        {problem.value === null ? null : <p class="note bad">{problem.value}</p>}
        {found.value === null ? null : <Found name={name} found={found.value} />}
      </div>
    </>
  );
}

function Found({
  name,
  found: { judged, before, change, drifted },
}: {
  readonly name: string;
  readonly found: MendAnswer;
}) {
  return (
    <div class="note">
      <p>
        Of {judged} held, the connector as it is here would make {countsOf(before)}.
      </p>
      {drifted === null || drifted.differences.length === 0 ? null : (
        <Differences
          differences={drifted.differences}
          title={`Delivered, and noted as drifted: ${drifted.count}`}
        />
      )}
      {change === null ? (
        <p>No change was found that would let more of them pass.</p>
      ) : (
        <>
          <p>If they are genuine, this would make {countsOf(change.after)}:</p>
          <ul>
            {change.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
          <a class="button" href={addressOf(name, 'samples')} onClick={() => propose(change.texts)}>
            Take it
          </a>
          <details>
            <summary>As a patch</summary>
            <pre tabIndex={0}>{change.patch}</pre>
          </details>
        </>
      )}
    </div>
  );
}

function countsOf({ delivered, ignored, held }: Fates): string {
  return `${delivered} delivered, ${ignored} ignored, ${held} held`;
}
