/**
 * What an example of a code is: files that lead to it, and files that do not. Printed by `sluice explain` and in
 * docs/diagnostics.md; a test compiles both sides of each. Kept short: what is not said comes from BASE.
 */

export interface Example {
  /** Is reported with the code. */
  readonly wrong: Side;
  /** Is reported with nothing. */
  readonly right: Side;
}

/** Files by their path in the folder of the connector `orders`; a text alone is its connector.yaml. */
export type Side = string | Readonly<Record<string, ExampleFile>>;

/**
 * A file's text. That of connector.yaml without `apiVersion` is a part: its keys take the place of those in BASE. What a
 * text cannot show: bytes that are not UTF-8, a JSON text of a size in bytes, a symbolic link, that there is no such file.
 */
export type ExampleFile =
  | string
  | { readonly latin1: string }
  | { readonly bytes: number }
  | { readonly link: string }
  | { readonly absent: true };

/** What stands around an example: a connector in its default status, and two samples. */
export const BASE: Readonly<Record<string, string>> = {
  'connector.yaml': `apiVersion: sluice/v1
id: orders
actionFlow: BkX2pQ
samples: [samples/one.json, samples/two.json]
mapping:
  targetUserIds: $.user.id
`,
  'samples/one.json': `{
  "id": "evt_1",
  "type": "order.created",
  "user": { "id": "user_1", "name": "Ada" },
  "items": [{ "title": "Tea", "price": 12 }],
  "note": null
}
`,
  'samples/two.json': `{
  "id": "evt_2",
  "type": "order.created",
  "user": { "id": "user_2" },
  "items": [{ "title": "Milk", "price": 2 }],
  "note": "by hand"
}
`,
};

/** The files of a side by path. */
export function listFiles(side: Side): readonly (readonly [path: string, file: ExampleFile])[] {
  return typeof side === 'string' ? [['connector.yaml', side]] : Object.entries(side);
}

/** A side for people, in plain lines: the connector file without its name where it stands alone. */
export function showSide(side: Side): string {
  if (typeof side === 'string') return side.trimEnd();
  return listFiles(side)
    .map(([path, file]) => showFile(path, file))
    .join('\n');
}

function showFile(path: string, file: ExampleFile): string {
  if (typeof file === 'string') return `${path}:\n${file.trimEnd().replace(/^(?=.)/gm, '  ')}`;
  if ('latin1' in file) return `${path}, saved as Latin-1:\n  ${file.latin1.trimEnd()}`;
  if ('bytes' in file) return `${path}, of ${file.bytes / 1024} KiB`;
  return 'link' in file ? `${path} -> ${file.link} (a symbolic link)` : `no ${path}`;
}
