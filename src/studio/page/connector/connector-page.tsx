/** One connector: its head with tabs and states, the tab that is open, and the strip with what is not saved. */
import { useEffect } from 'preact/hooks';
import { answer, openConnector, problem } from '../editing.ts';
import { listing } from '../listing.ts';
import { Requests } from '../requests.tsx';
import type { Tab } from '../route.ts';
import { Changes } from './changes.tsx';
import { Conflicts } from './conflicts.tsx';
import { ConnectorHead } from './connector-head.tsx';
import { HeldTab } from './held-tab.tsx';
import { MappingTab } from './mapping-tab.tsx';
import { SamplesTab } from './samples-tab.tsx';
import { SecurityTab } from './security-tab.tsx';
import { Strip } from './strip.tsx';
import { TestTab } from './test-tab.tsx';

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
          <Content name={name} tab={tab} />
        )}
      </main>
      <Strip name={name} />
    </>
  );
}

function Content({ name, tab }: { readonly name: string; readonly tab: Tab }) {
  if (answer.value === null) return <p class="dim pad">Reading…</p>;
  switch (tab) {
    case 'mapping':
      return <MappingTab />;
    case 'samples':
      return <SamplesTab name={name} />;
    case 'security':
      return <SecurityTab name={name} />;
    case 'test':
      return <TestTab name={name} />;
    case 'requests':
      return <Requests connector={name} />;
    case 'held':
      return <HeldTab name={name} />;
    case 'changes':
      return <Changes name={name} />;
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
