/** The head of a connector's page: where it is, its tabs, its status in a word, and what to do next. */
import { answer } from '../editing.ts';
import { listing } from '../listing.ts';
import { addressOf, type Tab } from '../route.ts';
import { memberOf } from '../yaml-value.ts';

const TITLES: readonly (readonly [Tab, string])[] = [
  ['mapping', 'Mapping'],
  ['samples', 'Samples'],
  ['security', 'Security'],
  ['test', 'Test'],
  ['requests', 'Requests'],
  ['held', 'Held'],
  ['changes', 'Changes'],
];

export function ConnectorHead({ name, tab }: { readonly name: string; readonly tab: Tab }) {
  const listed = listing.value?.connectors.find((one) => one.name === name);
  const written = memberOf(answer.value?.value, 'status') ?? 'test';
  const status = typeof written === 'string' ? written : 'test';
  return (
    <header class="head">
      <a class="brand narrow" href="#/">
        sluice<span class="unseen">, all connectors</span>
      </a>
      <h1>{name}</h1>
      <span class={`pill ${status}`}>{status}</span>
      {listed?.paused == null ? null : <span class="pill paused">paused</span>}
      <nav class="tabs" aria-label="Parts of the connector">
        {TITLES.map(([one, title]) => (
          <a key={one} href={addressOf(name, one)} aria-current={one === tab ? 'page' : undefined}>
            {title}
            {countOf(one, name)}
          </a>
        ))}
      </nav>
    </header>
  );
}

function countOf(tab: Tab, name: string): string {
  const held = listing.value?.connectors.find((one) => one.name === name)?.held ?? 0;
  const count = { samples: answer.value?.samples.length ?? 0, held }[tab as 'samples' | 'held'];
  return count === undefined || count === 0 ? '' : ` ${count}`;
}
