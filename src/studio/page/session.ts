/** The token of this tab. In: the address that was printed. Out: the token, taken out of the address and kept until the tab closes. */

const KEY = 'sluice-studio-token';

/** null: opened without one; somebody has to print a new address. */
export function takeToken(): string | null {
  const [, given] = /^#([A-Za-z0-9_-]{20,})$/.exec(location.hash) ?? [];
  if (given === undefined) return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, given);
  // Not in the history, and not in what somebody copies.
  history.replaceState(null, '', `${location.pathname}#/`);
  return given;
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
