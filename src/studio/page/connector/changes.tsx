/** What is not saved, line by line; the status as buttons; and what goes into the pull request. Git stays with people. */
import { useSignal } from '@preact/signals';
import { answer, edit, openName } from '../editing.ts';
import { memberOf } from '../yaml-value.ts';
import { Copied } from './samples-tab.tsx';

export function Changes({ name }: { readonly name: string }) {
  const changes = answer.value?.changes ?? [];
  const branch = `sluice/${name}`;
  return (
    <div class="two">
      <section aria-labelledby="changes-title" class="pane">
        <h2 id="changes-title">Not saved</h2>
        {changes.length === 0 ? <p class="dim">Everything is on the disk.</p> : null}
        {changes.map(({ path, lines }) => (
          <figure key={path} class="diff">
            <figcaption>{path}</figcaption>
            <pre tabIndex={0}>
              {lines.map(({ mark, text }, index) => (
                <span key={index} class={mark === '+' ? 'add' : mark === '-' ? 'del' : 'same'}>
                  {mark} {text}
                  {'\n'}
                </span>
              ))}
            </pre>
          </figure>
        ))}
      </section>
      <div>
        <StatusButtons />
        <section class="pane" aria-labelledby="git-title">
          <h2 id="git-title">Into git</h2>
          <p class="dim">
            What is saved is on the disk. These commands make the pull request; CI shows what it would do.
          </p>
          <ol class="commands">
            {[
              `git switch -c ${branch}`,
              `git add connectors/${name}`,
              `git commit -m "${name}: ${summaryOf()}"`,
              `git push -u origin ${branch}`,
            ].map((command) => (
              <li key={command}>
                <Copied text={command} />
              </li>
            ))}
          </ol>
          <p class="dim">
            <code>sluice diff origin/main .</code> says what a merge would do: each change, its gates, and the
            triggers before and after.
          </p>
        </section>
      </div>
    </div>
  );
}

function summaryOf(): string {
  const description = memberOf(answer.value?.value, 'description');
  return typeof description === 'string' ? description.replaceAll(/["$`\\]/g, '') : 'the connector';
}

/** Each edits the file; nothing is live before it is merged and deployed. */
export function StatusButtons() {
  const status = memberOf(answer.value?.value, 'status') ?? 'test';
  const isSure = useSignal(false);
  const set = (value: string) => () => edit({ kind: 'set', pointer: '/status', value });
  return (
    <section class="pane" aria-labelledby="status-title">
      <h2 id="status-title">Status</h2>
      <p>{TEXTS[String(status)] ?? 'The status is none that there is.'}</p>
      <div class="actions">
        {status === 'live' ? null : (
          <button type="button" class="primary" onClick={set('live')}>
            Activate
          </button>
        )}
        {status === 'test' ? null : (
          <button type="button" onClick={set('test')}>
            Switch to test
          </button>
        )}
        {status === 'disabled' ? null : (
          <button type="button" onClick={set('disabled')}>
            Disable
          </button>
        )}
        {status === 'disabled' ? (
          <button
            type="button"
            onClick={() => {
              isSure.value = true;
            }}
          >
            Delete…
          </button>
        ) : null}
      </div>
      {isSure.value ? (
        <p class="note">
          Deleting is a change of its own, after the disabled connector was merged:{' '}
          <code>git rm -r connectors/{openName.value}</code>
        </p>
      ) : null}
    </section>
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  live: 'Requests make live cards. Before you change what it does, switch it to test.',
  test: 'Requests make test cards. Activate it when they look right.',
  disabled: 'Requests are answered and ignored. It may be deleted.',
};
