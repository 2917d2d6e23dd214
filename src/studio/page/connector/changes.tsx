/** What is not saved, line by line; the status as buttons; and what goes into the pull request. Git stays with people. */
import { useSignal } from '@preact/signals';
import type { CompareAnswer } from '../../api.ts';
import { call } from '../call.ts';
import { answer, edit, openName } from '../editing.ts';
import { listing } from '../listing.ts';
import { memberOf } from '../yaml-value.ts';
import { Copied } from './copied.tsx';

export function Changes({ name }: { readonly name: string }) {
  const changes = answer.value?.changes ?? [];
  const folder = wordOf(name);
  const branch = `sluice/${/^[\w.-]+$/.test(name) ? name : 'connector'}`;
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
        <Merge name={name} />
        <section class="pane" aria-labelledby="git-title">
          <h2 id="git-title">Into git</h2>
          <p class="dim">
            What is saved is on the disk. These commands make the pull request; CI shows what it would do.
          </p>
          <ol class="commands">
            {[
              `git switch -c ${branch}`,
              `git add ${listing.value?.folder ?? 'connectors'}/${folder}`,
              `git commit -m '${branch.slice('sluice/'.length)}: ${summaryOf()}'`,
              `git push -u origin ${branch}`,
            ].map((command) => (
              <li key={command}>
                <Copied text={command} />
              </li>
            ))}
          </ol>
        </section>
      </div>
    </div>
  );
}

/** Words alone: what stands in the file goes into a command line. */
function summaryOf(): string {
  const description = memberOf(answer.value?.value, 'description');
  const words =
    typeof description === 'string' ? description.replace(/[^\p{L}\p{N} .,()-]/gu, '').trim() : '';
  return words === '' ? 'the connector' : words.slice(0, 100);
}

/** A name as a shell takes it for one word. */
function wordOf(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
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

/** What a merge of the saved files would do; asked for, as it compiles the other side. */
function Merge({ name }: { readonly name: string }) {
  const result = useSignal<CompareAnswer | null>(null);
  const isRunning = useSignal(false);
  const run = async (): Promise<void> => {
    isRunning.value = true;
    const called = await call('compare', { name });
    isRunning.value = false;
    if (called.ok) result.value = called.value;
  };
  const found = result.value;
  return (
    <section class="pane" aria-labelledby="merge-title">
      <div class="title">
        <h2 id="merge-title">What a merge would do</h2>
        <button type="button" onClick={() => void run()} disabled={isRunning.value}>
          {isRunning.value ? 'Comparing…' : 'Compare'}
        </button>
      </div>
      <div role="status">
        {found === null ? <p class="dim">The saved files against where this branch began.</p> : null}
        {found?.problem == null ? null : <p class="note warn">{found.problem}</p>}
        {found !== null && found.problem === null && found.changes.length === 0 ? (
          <p>Nothing changes against {found.base}.</p>
        ) : null}
        {found?.gates.map(({ result: verdict, message }) => (
          <p key={message} class={`note ${verdict === 'fail' ? 'bad' : 'warn'}`}>
            <strong>{verdict}</strong> {message}
          </p>
        ))}
      </div>
      <ul class="facts">
        {found?.changes.map(({ severity, message }) => (
          <li key={message}>
            <strong class={severity === 'breaking' ? 'bad' : severity === 'safe' ? 'ok' : undefined}>
              {severity}
            </strong>{' '}
            {message}
          </li>
        ))}
      </ul>
      {found?.requests.map(({ name: request, lines }) => (
        <figure key={request}>
          <figcaption>{request}</figcaption>
          <pre class="block" tabIndex={0}>
            {lines.join('\n')}
          </pre>
        </figure>
      ))}
      {found === null || found.text === '' ? null : (
        <details>
          <summary>Text for the pull request</summary>
          <Copied text={found.text} />
        </details>
      )}
    </section>
  );
}
