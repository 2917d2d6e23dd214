/** The query of a URL, as it was sent: what stands between the question mark and a fragment. */
export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
}
