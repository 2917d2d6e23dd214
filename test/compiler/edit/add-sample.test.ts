import { describe, expect, test } from 'vitest';
import { addSampleToYaml } from '../../../src/compiler/edit/add-sample.ts';

const HEAD = '# a shop\napiVersion: sluice/v1\nid: shop   # its name\nactionFlow: BkX2pQ\n';
const TAIL = '\n# who gets it\nmapping:\n    targetUserIds:   $.user\n';

/** `before` and `after` are of the part that changes. */
const FORMS: readonly (readonly [name: string, before: string, after: string])[] = [
  ['a flow list', 'samples: [a.json]', 'samples: [a.json, samples/new.json]'],
  ['a flow list with quotes', "samples: [ 'a.json', ] # x", "samples: [ 'a.json', 'samples/new.json', ] # x"],
  [
    'a block list',
    'samples:\n  - a.json # one\n  - "b.json"',
    'samples:\n  - a.json # one\n  - "b.json"\n  - "samples/new.json"',
  ],
  ['a block list without indentation', 'samples:\n- a.json', 'samples:\n- a.json\n- samples/new.json'],
  [
    'a wide block list',
    'samples:\n   -   a.json   # x',
    'samples:\n   -   a.json   # x\n   -   samples/new.json',
  ],
  [
    'a flow list over lines',
    'samples: [\n  a.json, # one\n  b.json # two\n  # end\n]',
    'samples: [\n  a.json, # one\n  b.json, # two\n  samples/new.json\n  # end\n]',
  ],
  [
    'a flow list over lines, with a last comma',
    'samples: [\n  a.json, # one\n]',
    'samples: [\n  a.json, # one\n  samples/new.json,\n]',
  ],
  ['no list yet', 'status: test # not yet', 'status: test # not yet\nsamples: [samples/new.json]'],
  [
    'no list yet, after a list',
    'methods:\n  - POST # x',
    'methods:\n  - POST # x\nsamples: [samples/new.json]',
  ],
];

describe.each([
  ['\n', 'LF'],
  ['\r\n', 'CRLF'],
])('with line ends %j', (newline) => {
  test.each(FORMS)('%s gets an entry, and nothing else changes', (_, before, after) => {
    const write = (part: string): string => `${HEAD}${part}${TAIL}`.replaceAll('\n', newline);
    expect(addSampleToYaml(write(before), 'samples/new.json')).toEqual({ ok: true, text: write(after) });
  });
});

test('a file without a last line break gets one', () => {
  expect(addSampleToYaml(`${HEAD}samples:\n  - a.json`, 'samples/new.json')).toEqual({
    ok: true,
    text: `${HEAD}samples:\n  - a.json\n  - samples/new.json\n`,
  });
});

test('a file in JSON', () => {
  expect(addSampleToYaml('{"id": "shop", "samples": ["a.json"]}', 'samples/new.json')).toEqual({
    ok: true,
    text: '{"id": "shop", "samples": ["a.json", "samples/new.json"]}',
  });
  expect(addSampleToYaml('{ "id": "shop" }', 'samples/new.json')).toEqual({
    ok: true,
    text: '{ "id": "shop", "samples": ["samples/new.json"] }',
  });
});

test.each([
  ['an inline sample', `${HEAD}sample: { user: a }\n`, /inline `sample`; move it to a file/],
  ['the same entry', `${HEAD}samples: [samples/new.json]\n`, /is in the list `samples` already/],
  ['a broken file', `${HEAD}samples: [a.json\n`, /cannot be read/],
  ['an anchor', `${HEAD}samples: &all [a.json]\n`, /cannot be read/],
  ['a list written as a text', `${HEAD}samples: a.json\n`, /add samples\/new.json to it by hand/],
])('%s is refused', (_, text, message) => {
  expect(addSampleToYaml(text, 'samples/new.json')).toEqual({
    ok: false,
    message: expect.stringMatching(message),
  });
});
