import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnostics/diagnose.ts';
import { sortDiagnostics } from '../../src/diagnostics/diagnostic.ts';
import { reportGithub } from '../../src/diagnostics/reporters/github.ts';
import { reportJson } from '../../src/diagnostics/reporters/json.ts';
import { reportPretty } from '../../src/diagnostics/reporters/pretty.ts';
import { reportSarif } from '../../src/diagnostics/reporters/sarif.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';

const connector = new SourceFile(
  'connectors/shop/connector.yaml',
  'id: shop\nmapping: $.custmer\nkey: 👋 hunter2\n',
);
const sample = new SourceFile('connectors/shop/sample, 1.json', '{"customer": 1}');
const sources = new Map([connector, sample].map((source) => [source.path, source]));

const unknownPath = diagnose(
  'path-not-in-sample',
  '"$.custmer" is not in the sample; did you mean "$.customer"?',
  connector.span(18, 9),
  [{ message: '"customer" is here', span: sample.span(1, 10) }, { message: 'paths start with "$"' }],
);
const secret = diagnose('secret-literal', 'a secret is written in this file', connector.span(36, 7));
const single = diagnose('sample-single', 'one sample: 100%\n::error::injected', sample.span(0, 1));
const diagnostics = sortDiagnostics([secret, single, unknownPath, unknownPath]);

test('pretty: place, frame, notes, summary', () => {
  expect(reportPretty(diagnostics, { sources, connectors: 1, colour: false })).toMatchInlineSnapshot(`
    "connectors/shop/connector.yaml:2:10: error: "$.custmer" is not in the sample; did you mean "$.customer"? [path-not-in-sample]
      |
    2 | mapping: $.custmer
      |          ^~~~~~~~~
      connectors/shop/sample, 1.json:1:2: note: "customer" is here
      note: paths start with "$"

    connectors/shop/connector.yaml:3:8: error: a secret is written in this file [secret-literal]
      |
    3 | key: 👋 *******
      |         ^~~~~~~

    connectors/shop/sample, 1.json:1:1: warning: one sample: 100%\\n::error::injected [sample-single]
      |
    1 | {"customer": 1}
      | ^

    2 errors, 1 warning in 1 connector
    "
  `);
});

test('pretty: colours only when told so, and nothing else changes', () => {
  const coloured = reportPretty(diagnostics, { sources, connectors: 1, colour: true });
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(
    reportPretty(diagnostics, { sources, connectors: 1, colour: false }),
  );
});

test('pretty: without problems there is only the summary', () => {
  expect(reportPretty([], { sources, connectors: 2, colour: false })).toBe('no problems in 2 connectors\n');
});

test('json: the form that CI jobs rely on', () => {
  expect(JSON.parse(reportJson(diagnostics))).toMatchInlineSnapshot(`
    {
      "diagnostics": [
        {
          "code": "path-not-in-sample",
          "column": 10,
          "file": "connectors/shop/connector.yaml",
          "line": 2,
          "message": ""$.custmer" is not in the sample; did you mean "$.customer"?",
          "notes": [
            {
              "column": 2,
              "file": "connectors/shop/sample, 1.json",
              "line": 1,
              "message": ""customer" is here",
            },
            {
              "message": "paths start with "$"",
            },
          ],
          "severity": "error",
        },
        {
          "code": "secret-literal",
          "column": 8,
          "file": "connectors/shop/connector.yaml",
          "line": 3,
          "message": "a secret is written in this file",
          "notes": [],
          "severity": "error",
        },
        {
          "code": "sample-single",
          "column": 1,
          "file": "connectors/shop/sample, 1.json",
          "line": 1,
          "message": "one sample: 100%
    ::error::injected",
          "notes": [],
          "severity": "warning",
        },
      ],
    }
  `);
});

test('github: one command a line, whatever the texts hold', () => {
  expect(reportGithub(diagnostics)).toMatchInlineSnapshot(`
    "::error file=connectors/shop/connector.yaml,line=2,col=10,endColumn=19,title=path-not-in-sample::"$.custmer" is not in the sample; did you mean "$.customer"?%0Aconnectors/shop/sample, 1.json:1:2: note: "customer" is here%0Anote: paths start with "$"
    ::error file=connectors/shop/connector.yaml,line=3,col=8,endColumn=15,title=secret-literal::a secret is written in this file
    ::warning file=connectors/shop/sample%2C 1.json,line=1,col=1,endColumn=2,title=sample-single::one sample: 100%25\\n::error::injected
    "
  `);
});

test('sarif: rules, places and related places', () => {
  expect(JSON.parse(reportSarif(diagnostics, { toolVersion: '1.2.3', sources }))).toMatchInlineSnapshot(`
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "runs": [
        {
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/connector.yaml",
                    },
                    "region": {
                      "endColumn": 19,
                      "startColumn": 10,
                      "startLine": 2,
                    },
                  },
                },
              ],
              "message": {
                "text": ""$.custmer" is not in the sample; did you mean "$.customer"?
    paths start with "$"",
              },
              "relatedLocations": [
                {
                  "id": 0,
                  "message": {
                    "text": ""customer" is here",
                  },
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/sample%2C%201.json",
                    },
                    "region": {
                      "endColumn": 12,
                      "startColumn": 2,
                      "startLine": 1,
                    },
                  },
                },
              ],
              "ruleId": "path-not-in-sample",
              "ruleIndex": 0,
            },
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/connector.yaml",
                    },
                    "region": {
                      "endColumn": 15,
                      "startColumn": 8,
                      "startLine": 3,
                    },
                  },
                },
              ],
              "message": {
                "text": "a secret is written in this file",
              },
              "ruleId": "secret-literal",
              "ruleIndex": 2,
            },
            {
              "level": "warning",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/sample%2C%201.json",
                    },
                    "region": {
                      "endColumn": 2,
                      "startColumn": 1,
                      "startLine": 1,
                    },
                  },
                },
              ],
              "message": {
                "text": "one sample: 100%
    ::error::injected",
              },
              "ruleId": "sample-single",
              "ruleIndex": 1,
            },
          ],
          "tool": {
            "driver": {
              "name": "sluice",
              "rules": [
                {
                  "defaultConfiguration": {
                    "level": "error",
                  },
                  "fullDescription": {
                    "text": "The mapping would never find this value, or find it only in events that no sample shows; nothing could be checked about it.",
                  },
                  "help": {
                    "text": "Correct the path, or add a sample that has it.",
                  },
                  "id": "path-not-in-sample",
                  "shortDescription": {
                    "text": "a path that no sample has",
                  },
                },
                {
                  "defaultConfiguration": {
                    "level": "warning",
                  },
                  "fullDescription": {
                    "text": "With one sample every mapped field counts as always present; a field that is optional at the sender will hold requests or pause the connector.",
                  },
                  "help": {
                    "text": "Add a second sample of the same event in which optional fields are missing, or list them under \`shape.optional\`.",
                  },
                  "id": "sample-single",
                  "shortDescription": {
                    "text": "only one sample",
                  },
                },
                {
                  "defaultConfiguration": {
                    "level": "error",
                  },
                  "fullDescription": {
                    "text": "Everybody who can read the repository, its history or a CI log can sign requests with it.",
                  },
                  "help": {
                    "text": "Write a reference such as {env: SLUICE_SECRET_STRIPE}, set the value in the deployment, and treat the written one as leaked: replace it at the provider. In samples replace it by an invented value.",
                  },
                  "id": "secret-literal",
                  "shortDescription": {
                    "text": "a secret written in a file",
                  },
                },
              ],
              "version": "1.2.3",
            },
          },
        },
      ],
      "version": "2.1.0",
    }
  `);
});

test('a message cannot bring controls or links into any format', () => {
  const evil = new SourceFile('a\u001b[2J.yaml', '\u001b[31m');
  const message = '[click](https://evil.example) \u001b[31m \u202e \u009b31m';
  const hostile = [diagnose('value-invalid', message, evil.span(0, 5), [{ message, span: evil.span(0, 1) }])];
  const reports = [
    reportPretty(hostile, { sources: new Map([[evil.path, evil]]), connectors: 1, colour: false }),
    reportJson(hostile),
    reportGithub(hostile),
    reportSarif(hostile, { toolVersion: '1.2.3', sources }),
  ];
  for (const text of reports) expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(JSON.parse(reports[1] as string).diagnostics[0].message).toBe(message);
  expect(JSON.parse(reports[3] as string).runs[0].results[0].message.text).toMatch(/^\\\[click\\\]\(https/);
});
