/** The connectors to choose from: a state in form and words, what is held, and a filter. */
import { useSignal } from '@preact/signals';
import type { ListedConnector } from '../api.ts';
import { listing, listingProblem } from './listing.ts';
import { addressOf, route } from './route.ts';

/** Rows: with a thousand connectors nobody scrolls. */
const MAX_SHOWN = 200;

export function ConnectorList() {
  const filter = useSignal('');
  const all = listing.value?.connectors ?? [];
  const wanted = filter.value.trim().toLowerCase();
  const found = all.filter(({ name, description }) =>
    `${name} ${description ?? ''}`.toLowerCase().includes(wanted),
  );
  const here = route.value;
  return (
    <div class="list">
      <input
        class="find"
        type="search"
        aria-label="Find a connector"
        placeholder="Find"
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value;
        }}
      />
      {listingProblem.value === null ? null : <p class="bad">{listingProblem.value}</p>}
      <ul>
        {found.slice(0, MAX_SHOWN).map((one) => (
          <li key={one.name}>
            <a
              href={addressOf(one.name)}
              aria-current={here.page === 'connector' && here.name === one.name ? 'page' : undefined}
            >
              <State connector={one} />
              <span class="name">{one.name}</span>
              <Remarks connector={one} />
            </a>
          </li>
        ))}
      </ul>
      {found.length > MAX_SHOWN ? (
        <p class="dim">{found.length - MAX_SHOWN} more: type to find them.</p>
      ) : null}
      {listing.value !== null && found.length === 0 ? (
        <p class="dim">{all.length === 0 ? 'None yet.' : 'None of that name.'}</p>
      ) : null}
      <a class="button wide" href="#/new">
        New connector…
      </a>
      {listing.value?.isServing === true ? (
        <a class="button wide quiet" href="#/requests">
          Requests
        </a>
      ) : null}
    </div>
  );
}

/** A form for each state, and its word for those who do not see it. */
function State({ connector }: { readonly connector: ListedConnector }) {
  const word =
    connector.paused !== null ? 'paused' : connector.errors > 0 ? 'errors' : (connector.status ?? 'errors');
  return (
    <span class={`dot ${word}`} title={connector.paused ?? word}>
      <span class="unseen">{word}</span>
    </span>
  );
}

function Remarks({ connector: { held, errors } }: { readonly connector: ListedConnector }) {
  if (errors > 0) return <small class="bad">{errors === 1 ? '1 error' : `${errors} errors`}</small>;
  return held > 0 ? <small>{held} held</small> : null;
}
