// A line that is moved is named, with where it was; what has another cause is left to the parser's words.
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/compiler/parse.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';

const LINES = `# why
apiVersion: sluice/v1
id: orders
when:
  - path: $.kind
    equals: order.paid
  - path: $.id
    exists: true
description: |
  Two lines:
    of text
mapping:
  targetUserIds: [
    $.customer.id,
  ]
  variables:
    order: $.order.number
    greeting: { template: "Thank you: {{ $.name }}", default: Thank you }
idempotency: { path: $.id } # see above
security:
  signature:
    algorithm: sha256
    digest: hex
    signature: { header: x-signature }`.split('\n');

/** Lines that begin a key or an entry: the others may be indented as they like. */
const KEYS = LINES.flatMap((line, number) => (/^ *(?:- )?\w+:/.test(line) && number !== 9 ? [number] : []));

function parse(lines: readonly string[]) {
  return parseYaml(new SourceFile('connector.yaml', lines.join('\n'))).diagnostics;
}

function shift(number: number, by: number): string[] {
  const line = LINES[number] as string;
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return LINES.with(number, `${' '.repeat(Math.max(0, indent + by))}${line.trimStart()}`);
}

test('the lines themselves are right', () => {
  expect(parse(LINES)).toEqual([]);
});

test.for(KEYS.flatMap((number) => [-1, 1].map((by) => [number, by] as const)))(
  'line %i is moved by %i',
  ([number, by]) => {
    const indent = /^ */.exec(LINES[number] as string)?.[0].length ?? 0;
    const diagnostics = parse(shift(number, by));
    // Some places mean the same, and before the first column there is none.
    if (diagnostics.length === 0) return;
    expect(diagnostics).toMatchObject([{ code: 'yaml-invalid', span: { line: number + 1, column: 1 } }]);
    const [, written, wanted] = /by (\d+);.* by (.*)$/.exec(diagnostics[0]?.message ?? '') ?? [];
    expect(Number(written)).toBe(indent + by);
    expect(wanted?.split(' or ')).toContain(String(indent));
  },
);

test('most of them are reported', () => {
  const moved = KEYS.flatMap((number) => [shift(number, -1), shift(number, 1)]);
  expect(moved.filter((lines) => parse(lines).length > 0).length).toBeGreaterThan(KEYS.length * 1.3);
});

test('with another problem in the text, the parser has the word', () => {
  const lines = shift(17, 1).with(2, 'id: a: b');
  expect(parse(lines).map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringContaining('nested mappings')]),
  );
});
