// What GitHub and other readers of SARIF need beyond the form that reporters.test.ts shows.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';
import { diagnose } from '../../src/diagnostics/diagnose.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { reportSarif } from '../../src/diagnostics/reporters/sarif.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';

const file = new SourceFile(
  'connectors/my shop/50%/connector.yaml',
  'id: shop\nshap:\n  policy: mapped\nkey: hunter2\n',
);
const unknown = diagnose('key-unknown', 'unknown key "shap"', file.span(9, 4), [], {
  title: 'write "shape" instead of "shap"',
  edits: [{ span: file.span(9, 4), newText: 'shape' }],
});
const silenced: Diagnostic = {
  ...diagnose('sample-single', 'one sample', file.span(0, 30), [{ message: 'see', span: file.span(0, 1) }]),
  silenced: 'one form is documented',
};

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

function resultsOf(diagnostics: readonly Diagnostic[], source = file): readonly Result[] {
  const text = reportSarif(diagnostics, { toolVersion: '1.2.3', sources: new Map([[source.path, source]]) });
  return JSON.parse(text).runs[0].results;
}

test('the document is valid by the schema of the standard', () => {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  // Of draft 4, whose keywords in it mean the same in draft 7.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const validate = ajv.compile(schema);
  const odd = new SourceFile('connectors/\u001b[2J\ud800 a#?.yaml', '');
  const every = Object.keys(CODES).map((code) => diagnose(code as keyof typeof CODES, 'x', odd.span(0, 0)));
  for (const diagnostics of [[], [unknown, silenced], every]) {
    const text = reportSarif(diagnostics, { toolVersion: '1.2.3', sources: new Map([[file.path, file]]) });
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
  }
  expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
});

test('a fix is a replacement in the file, and a silenced warning is suppressed with its reason', () => {
  const [first, second] = resultsOf([unknown, silenced]);
  expect(first).toMatchObject({
    suppressions: [],
    fixes: [
      {
        description: { text: 'write "shape" instead of "shap"' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'connectors/my%20shop/50%25/connector.yaml', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 5 },
                insertedContent: { text: 'shape' },
              },
            ],
          },
        ],
      },
    ],
  });
  expect(second).toMatchObject({
    locations: [
      { physicalLocation: { region: { startLine: 1, startColumn: 1, endLine: 3, endColumn: 16 } } },
    ],
    suppressions: [{ kind: 'inSource', justification: 'one form is documented' }],
  });
});

test('a problem keeps its fingerprint when its line moves, and no other has it', () => {
  const moved = new SourceFile(file.path, `# a comment\n\n${file.text}`);
  const [before] = resultsOf([unknown]);
  const [after] = resultsOf([diagnose('key-unknown', 'other words', moved.span(9 + 13, 4))], moved);
  expect(after?.partialFingerprints).toEqual(before?.partialFingerprints);
  const all = resultsOf([unknown, unknown, { ...unknown, code: 'value-invalid' }, silenced]);
  const prints = all.map(({ partialFingerprints }) => partialFingerprints['sluice/v1']);
  expect(new Set(prints).size).toBe(4);
});

test('where a file holds a secret, fingerprints say nothing about its lines', () => {
  const secretAt = file.text.indexOf('hunter2');
  const secret = diagnose('secret-literal', 'a secret', file.span(secretAt, 7));
  const other = new SourceFile(file.path, file.text.replace('hunter2', 'hunter3'));
  const [one] = resultsOf([secret]);
  expect(resultsOf([secret], other)[0]?.partialFingerprints).toEqual(one?.partialFingerprints);
});
