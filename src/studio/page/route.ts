/** Where the page is: `#/`, `#/new`, `#/requests`, or a connector and one of its tabs. */
import { signal } from '@preact/signals';

export const TABS = ['mapping', 'samples', 'security', 'test', 'requests', 'held', 'changes'] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'new' }
  | { readonly page: 'requests' }
  | { readonly page: 'connector'; readonly name: string; readonly tab: Tab };

export const route = signal<Route>(read());
addEventListener('hashchange', () => {
  route.value = read();
});

function read(): Route {
  const [, first = '', second = '', third = ''] = location.hash.split('/');
  if (first === 'new') return { page: 'new' };
  if (first === 'requests') return { page: 'requests' };
  if (first !== 'connector' || second === '') return { page: 'start' };
  const tab = TABS.find((one) => one === third) ?? 'mapping';
  return { page: 'connector', name: decodeURIComponent(second), tab };
}

export function addressOf(name: string, tab: Tab = 'mapping'): string {
  return `#/connector/${encodeURIComponent(name)}/${tab}`;
}
