/** The last requests as they arrive: a row each, a cell for each stage; one of them open, with what can be done with it. */
import { signal, useSignal } from '@preact/signals';
import type { PageRequest } from '../api.ts';
import { startSample } from './connector/samples-tab.tsx';
import { startTrial } from './connector/test-tab.tsx';
import { propose, textOf } from './editing.ts';
import { requests } from './events.ts';
import { addressOf } from './route.ts';

const opened = signal<string | null>(null);

export function RequestsPage() {
  return (
    <main id="main" class="pad" tabIndex={-1}>
      <h1>Requests</h1>
      <Requests connector={null} />
    </main>
  );
}

/** `connector` null: all of them. */
export function Requests({ connector }: { readonly connector: string | null }) {
  const all = requests.value.filter((one) => connector === null || one.connector === connector);
  const latest = all[0];
  return (
    <section class="pane requests" aria-label="The last requests">
      <p class="unseen" aria-live="polite">
        {latest === undefined ? '' : `${latest.connector ?? 'unknown'}: ${latest.outcome} ${latest.code}`}
      </p>
      {all.length === 0 ? (
        <p class="dim">
          None since this was started. They stand here as they arrive, and nowhere else: what they hold is in
          memory only.
        </p>
      ) : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label="Table of requests">
          <table>
            <thead>
              <tr>
                <th scope="col">time</th>
                {connector === null ? <th scope="col">connector</th> : null}
                <th scope="col">outcome</th>
                {all[0]?.stages.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">ms</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <RequestRow key={one.id} request={one} withConnector={connector === null} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {all.find(({ id }) => id === opened.value) === undefined ? null : (
        <Detail request={all.find(({ id }) => id === opened.value) as PageRequest} />
      )}
    </section>
  );
}

const MARKS = { passed: '✓', failed: '✕', 'not reached': '', none: '' } as const;

function RequestRow({
  request,
  withConnector,
}: {
  readonly request: PageRequest;
  readonly withConnector: boolean;
}) {
  const { id, receivedAt, connector, outcome, code, stages, latencyMs, status } = request;
  const isOpen = opened.value === id;
  return (
    <tr class={isOpen ? 'open' : undefined}>
      <td>
        <button
          type="button"
          class="link"
          aria-expanded={isOpen}
          onClick={() => {
            opened.value = isOpen ? null : id;
          }}
        >
          {new Date(receivedAt).toLocaleTimeString()}
        </button>
      </td>
      {withConnector ? (
        <td>{connector === null ? '–' : <a href={addressOf(connector, 'requests')}>{connector}</a>}</td>
      ) : null}
      <td title={code}>
        <span class={`outcome-${outcome}`}>{outcome}</span> <small>{code === outcome ? status : code}</small>
      </td>
      {stages.map(({ name, verdict }) => (
        <td key={name} class={`stage ${verdict}`} title={`${name}: ${verdict}`}>
          {MARKS[verdict]}
          <span class="unseen">{verdict}</span>
        </td>
      ))}
      <td>{latencyMs}</td>
    </tr>
  );
}

function Detail({ request }: { readonly request: PageRequest }) {
  const { connector, headers, body, differences, triggers, sample, curl, code } = request;
  const copied = useSignal(false);
  return (
    <section class="detail" aria-label="The request that is open">
      <div class="actions">
        {sample === null || connector === null ? null : (
          <>
            <a
              class="button"
              href={addressOf(connector, 'samples')}
              onClick={() => startSample(connector, sample)}
            >
              Make a sample…
            </a>
            <a
              class="button"
              href={addressOf(connector, 'test')}
              onClick={() => startTrial(connector, sample)}
            >
              Send again…
            </a>
            <a class="button" href={addressOf(connector, 'changes')} onClick={() => makeCase(request)}>
              Make a case
            </a>
          </>
        )}
        <button
          type="button"
          onClick={() => {
            void navigator.clipboard.writeText(curl);
            copied.value = true;
          }}
        >
          {copied.value ? 'Copied' : 'Copy as curl'}
        </button>
      </div>
      {differences.length === 0 ? null : (
        <Differences differences={differences} title={`Differs from the samples (${code})`} />
      )}
      {triggers.map((trigger, index) => (
        <figure key={index}>
          <figcaption>Trigger{triggers.length > 1 ? ` ${index + 1}` : ''}</figcaption>
          <pre tabIndex={0}>{trigger}</pre>
        </figure>
      ))}
      <figure>
        <figcaption>Headers</figcaption>
        <dl class="plain">
          {headers.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </figure>
      <figure>
        <figcaption>Body</figcaption>
        <pre tabIndex={0}>{body}</pre>
      </figure>
    </section>
  );
}

export function Differences({
  differences,
  title,
}: {
  readonly differences: PageRequest['differences'];
  readonly title: string;
}) {
  return (
    <table class="differences">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">path</th>
          <th scope="col">expected</th>
          <th scope="col">found</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ path, expected, found }) => (
          <tr key={path}>
            <td>
              <code>{path}</code>
            </td>
            <td>{expected}</td>
            <td class="bad">{found}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What came out is what the case wants: whoever saves it says that it was right. */
function makeCase({ id, outcome, code, sample }: PageRequest): void {
  const { body } = JSON.parse(sample ?? '{}') as { body: unknown };
  const path = `cases/request-${id.slice(0, 8)}.yaml`;
  const wanted = outcome === code ? { outcome } : { outcome, code };
  const one = {
    note: `a request that was ${outcome}`,
    request: { json: body, sign: 'genuine' },
    want: wanted,
  };
  // JSON is YAML.
  if (textOf(path) === '') propose({ [path]: `${JSON.stringify(one, null, 2)}\n` });
}
