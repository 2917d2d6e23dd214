/** The frame around every page: the list at the side, the connector's head, and what is shown of it. */
import { useEffect } from 'preact/hooks';
import { isReachable, token } from './call.ts';
import { ConnectorPage } from './connector/connector-page.tsx';
import { ConnectorList } from './connector-list.tsx';
import { followEvents } from './events.ts';
import { refreshListing } from './listing.ts';
import { NewPage } from './new-page.tsx';
import { RequestsPage } from './requests.tsx';
import { route } from './route.ts';

export function Shell() {
  useEffect(() => {
    if (token.value === null) return;
    void refreshListing();
    void followEvents();
  }, [token.value]);
  if (token.value === null) return <NoToken />;
  return (
    <div class={`app at-${route.value.page}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <nav class="side" aria-label="Connectors">
        <a class="brand" href="#/">
          sluice <small>studio</small>
        </a>
        <ConnectorList />
      </nav>
      {isReachable.value ? null : (
        <p class="offline" role="alert">
          The server does not answer. What you write stays here; start it again with <code>npm start</code>.
        </p>
      )}
      <Page />
    </div>
  );
}

function Page() {
  const here = route.value;
  switch (here.page) {
    case 'connector':
      return <ConnectorPage name={here.name} tab={here.tab} />;
    case 'new':
      return <NewPage />;
    case 'requests':
      return <RequestsPage />;
    case 'start':
      return <Start />;
  }
}

function Start() {
  return (
    <main id="main" class="start" tabIndex={-1}>
      <h1>Connectors</h1>
      <p class="dim">Choose one, or begin a new one.</p>
      <ConnectorList />
    </main>
  );
}

function NoToken() {
  return (
    <main class="no-token">
      <h1>
        sluice <small>studio</small>
      </h1>
      <p>This page needs the address with its token: it opens files on this machine.</p>
      <p>
        Where <code>npm start</code> runs, its first line is that address. <code>npx sluice studio</code>{' '}
        prints a new one.
      </p>
    </main>
  );
}
