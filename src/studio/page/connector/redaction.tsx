/** What arrived beside what goes into git, and the sample's name. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RedactAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { answer, edit, flush, propose, texts } from '../editing.ts';
import { StayingKeys } from '../staying-keys.tsx';
import { memberOf } from '../yaml-value.ts';

/** What arrived beside what the file would say; a tick keeps a value as it was. */
export function Redaction({
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
