/** One connector: its head with tabs and states, the tab that is open, and the strip with what is not saved. */
import { useEffect } from 'preact/hooks';
import { answer, openConnector, problem } from '../editing.ts';
import { listing } from '../listing.ts';
import type { Tab } from '../route.ts';
import { Changes } from './changes.tsx';
import { Conflicts } from './conflicts.tsx';
import { ConnectorHead } from './connector-head.tsx';
import { MappingTab } from './mapping-tab.tsx';
import { Strip } from './strip.tsx';

export function ConnectorPage({ name, tab }: { readonly name: string; readonly tab: Tab }) {
  useEffect(() => {
    void openConnector(name);
    document.title = `${name} · Sluice studio`;
  }, [name]);
  useEffect(warnOfLoss, []);
  const isKnown = listing.value?.connectors.some((one) => one.name === name) ?? true;
  return (
    <>
      <ConnectorHead name={name} tab={tab} />
      <main id="main" tabIndex={-1} class={`tab-${tab}`}>
        <Conflicts />
        {problem.value === null ? null : (
          <p class="note bad" role="alert">
            {problem.value}
          </p>
        )}
        {!isKnown && answer.value === null ? (
          <p class="dim pad">There is no connector of that name.</p>
        ) : (
          <Content tab={tab} />
        )}
      </main>
      <Strip name={name} />
    </>
  );
}

function Content({ tab }: { readonly tab: Tab }) {
  if (answer.value === null) return <p class="dim pad">Reading…</p>;
  switch (tab) {
    case 'mapping':
      return <MappingTab />;
    case 'changes':
      return <Changes />;
    default:
      return <p class="dim pad">Not yet here.</p>;
  }
}

/** A tab that is closed takes what is not saved with it. */
function warnOfLoss(): () => void {
  const listener = (event: BeforeUnloadEvent): void => {
    if ((answer.value?.changes.length ?? 0) > 0) event.preventDefault();
  };
  addEventListener('beforeunload', listener);
  return () => removeEventListener('beforeunload', listener);
}
