// Types for what Node 24 has and TypeScript's library does not describe yet:
// JSON source text access (https://github.com/tc39/proposal-json-parse-with-source).

interface JSON {
  /** The reviver's `context.source` is the literal's text as written; it is there for primitive values only. */
  parse(
    text: string,
    reviver: (this: object, key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  /** Wraps the JSON text of one primitive, which `stringify` then writes as it is. Throws SyntaxError on any other text. */
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}
