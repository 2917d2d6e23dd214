/** What stands in the file when somebody takes a snippet as it is: every placeholder its default. */

export function expandSnippet(text: string): string {
  return text
    .replace(/\$\{\d+\|((?:[^,|\\]|\\.)*)[^}]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replace(/\$\d+/g, '')
    .replace(/\\([$}\\])/g, '$1');
}

/** The body of a snippet as the value that it makes. `^` marks what is no text. */
export function expandBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(expandBody);
  if (typeof body === 'object' && body !== null) {
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [expandSnippet(key), expandBody(value)]),
    );
  }
  if (typeof body !== 'string') return body;
  const text = expandSnippet(body);
  return text.startsWith('^') ? JSON.parse(text.slice(1)) : text;
}
