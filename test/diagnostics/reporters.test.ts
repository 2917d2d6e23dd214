import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnostics/diagnose.ts';
import { type Diagnostic, sortDiagnostics } from '../../src/diagnostics/diagnostic.ts';
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
          "endColumn": 19,
          "endLine": 2,
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
          "endColumn": 15,
          "endLine": 3,
          "file": "connectors/shop/connector.yaml",
          "line": 3,
          "message": "a secret is written in this file",
          "notes": [],
          "severity": "error",
        },
        {
          "code": "sample-single",
          "column": 1,
          "endColumn": 2,
          "endLine": 1,
          "file": "connectors/shop/sample, 1.json",
          "line": 1,
          "message": "one sample: 100%
    ::error::injected",
          "notes": [],
          "severity": "warning",
        },
      ],
      "silenced": [],
    }
  `);
});

test('github: one command a line, whatever the texts hold', () => {
  expect(reportGithub(diagnostics)).toMatchInlineSnapshot(`
    "::error file=connectors/shop/connector.yaml,line=2,endLine=2,col=10,endColumn=19,title=path-not-in-sample::"$.custmer" is not in the sample; did you mean "$.customer"?%0Aconnectors/shop/sample, 1.json:1:2: note: "customer" is here%0Anote: paths start with "$"
    ::error file=connectors/shop/connector.yaml,line=3,endLine=3,col=8,endColumn=15,title=secret-literal::a secret is written in this file
    ::warning file=connectors/shop/sample%2C 1.json,line=1,endLine=1,col=1,endColumn=2,title=sample-single::one sample: 100%25\\n::error::injected
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
          "originalUriBaseIds": {
            "%SRCROOT%": {
              "description": {
                "text": "The root of the repository.",
              },
            },
          },
          "results": [
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/connector.yaml",
                      "uriBaseId": "%SRCROOT%",
                    },
                    "region": {
                      "endColumn": 19,
                      "endLine": 2,
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
              "partialFingerprints": {
                "sluice/v1": "4554fbd7c1a7c134:1",
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
                      "uriBaseId": "%SRCROOT%",
                    },
                    "region": {
                      "endColumn": 12,
                      "endLine": 1,
                      "startColumn": 2,
                      "startLine": 1,
                    },
                  },
                },
              ],
              "ruleId": "path-not-in-sample",
              "ruleIndex": 0,
              "suppressions": [],
            },
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/connector.yaml",
                      "uriBaseId": "%SRCROOT%",
                    },
                    "region": {
                      "endColumn": 15,
                      "endLine": 3,
                      "startColumn": 8,
                      "startLine": 3,
                    },
                  },
                },
              ],
              "message": {
                "text": "a secret is written in this file",
              },
              "partialFingerprints": {
                "sluice/v1": "c7f2b16c8b964267:1",
              },
              "ruleId": "secret-literal",
              "ruleIndex": 2,
              "suppressions": [],
            },
            {
              "level": "warning",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "connectors/shop/sample%2C%201.json",
                      "uriBaseId": "%SRCROOT%",
                    },
                    "region": {
                      "endColumn": 2,
                      "endLine": 1,
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
              "partialFingerprints": {
                "sluice/v1": "53f3780e806bf570:1",
              },
              "ruleId": "sample-single",
              "ruleIndex": 1,
              "suppressions": [],
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
                    "markdown": "The mapping would never find this value, or find it only in events that no sample shows; nothing could be checked about it.

    Correct the path, or add a sample that has it.

    Wrong:

    \`\`\`
    mapping:
      targetUserIds: $.user.id
      variables:
        value: $.user.emial
    \`\`\`

    Right:

    \`\`\`
    mapping:
      targetUserIds: $.user.id
      variables:
        value: $.user.id
    \`\`\`",
                    "text": "The mapping would never find this value, or find it only in events that no sample shows; nothing could be checked about it.

    Correct the path, or add a sample that has it.",
                  },
                  "id": "path-not-in-sample",
                  "properties": {
                    "problem.severity": "error",
                    "tags": [
                      "path",
                    ],
                  },
                  "shortDescription": {
                    "text": "a path that no sample has",
                  },
                },
                {
                  "defaultConfiguration": {
                    "level": "warning",
                  },
                  "fullDescription": {
                    "text": "With one sample every mapped field counts as always present; a field that is optional at the sender will hold requests, and enough of them in a row pause the connector.",
                  },
                  "help": {
                    "markdown": "With one sample every mapped field counts as always present; a field that is optional at the sender will hold requests, and enough of them in a row pause the connector.

    Add a second sample of the same event in which optional fields are missing; or give those fields a \`default\`, or list them under \`shape.optional\`.

    Wrong:

    \`\`\`
    samples: [samples/one.json]
    \`\`\`

    Right:

    \`\`\`
    samples: [samples/one.json, samples/two.json]
    \`\`\`",
                    "text": "With one sample every mapped field counts as always present; a field that is optional at the sender will hold requests, and enough of them in a row pause the connector.

    Add a second sample of the same event in which optional fields are missing; or give those fields a \`default\`, or list them under \`shape.optional\`.",
                  },
                  "id": "sample-single",
                  "properties": {
                    "problem.severity": "warning",
                    "tags": [
                      "sample",
                    ],
                  },
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
                    "markdown": "Everybody who can read the repository, its history or a CI log can sign requests with it.

    Write a reference such as {env: SLUICE\\_SECRET\\_STRIPE}, set the value in the deployment, and treat the written one as leaked: replace it at the provider. In samples replace it by an invented value.

    Wrong:

    \`\`\`
    security: { signature: { preset: stripe, sharedSecret: whsec_... } }
    \`\`\`

    Right:

    \`\`\`
    security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }
    \`\`\`",
                    "text": "Everybody who can read the repository, its history or a CI log can sign requests with it.

    Write a reference such as {env: SLUICE_SECRET_STRIPE}, set the value in the deployment, and treat the written one as leaked: replace it at the provider. In samples replace it by an invented value.",
                  },
                  "id": "secret-literal",
                  "properties": {
                    "problem.severity": "error",
                    "tags": [
                      "secret",
                    ],
                  },
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

const fixable = diagnose('key-unknown', 'unknown key "mapping"', connector.span(9, 7), [], {
  title: 'write "mappings" instead of "mapping"',
  edits: [{ span: connector.span(9, 7), newText: 'mappings' }],
});
const silenced: Diagnostic = { ...single, message: 'one sample', silenced: 'one form is documented' };

test('a fix is offered, and what is silenced is only counted', () => {
  expect(reportPretty([fixable, silenced], { sources, connectors: 1, colour: false })).toMatchInlineSnapshot(`
    "connectors/shop/connector.yaml:2:1: error: unknown key "mapping" [key-unknown]
      |
    2 | mapping: $.custmer
      | ^~~~~~~
      help: write "mappings" instead of "mapping"

    1 error, 0 warnings in 1 connector
    1 warning silenced
    1 can be fixed by \`sluice check --fix\`
    "
  `);
  expect(reportPretty([silenced], { sources, connectors: 1, colour: false })).toBe(
    'no problems in 1 connector\n1 warning silenced\n',
  );
  expect(reportGithub([fixable, silenced])).toMatchInlineSnapshot(`
    "::error file=connectors/shop/connector.yaml,line=2,endLine=2,col=1,endColumn=8,title=key-unknown::unknown key "mapping"%0Ahelp: write "mappings" instead of "mapping"
    "
  `);
  expect(JSON.parse(reportJson([fixable, silenced]))).toMatchInlineSnapshot(`
    {
      "diagnostics": [
        {
          "code": "key-unknown",
          "column": 1,
          "endColumn": 8,
          "endLine": 2,
          "file": "connectors/shop/connector.yaml",
          "fix": {
            "edits": [
              {
                "column": 1,
                "endColumn": 8,
                "endLine": 2,
                "file": "connectors/shop/connector.yaml",
                "length": 7,
                "line": 2,
                "newText": "mappings",
                "offset": 9,
              },
            ],
            "title": "write "mappings" instead of "mapping"",
          },
          "line": 2,
          "message": "unknown key "mapping"",
          "notes": [],
          "severity": "error",
        },
      ],
      "silenced": [
        {
          "code": "sample-single",
          "column": 1,
          "endColumn": 2,
          "endLine": 1,
          "file": "connectors/shop/sample, 1.json",
          "line": 1,
          "message": "one sample",
          "notes": [],
          "reason": "one form is documented",
          "severity": "warning",
        },
      ],
    }
  `);
});

test('github: columns only within one line, as the runner takes no others', () => {
  const [ofOneLine, ofMore] = [connector.span(0, 9), connector.span(0, 20)].map((span) =>
    reportGithub([diagnose('value-invalid', 'x', span)]),
  );
  expect(ofOneLine).toContain(',line=1,endLine=1,col=1,endColumn=9,title=');
  expect(ofMore).toContain(',line=1,endLine=2,title=');
});

test('a message cannot bring controls or links into any format', () => {
  const evil = new SourceFile('a\u001b[2J.yaml', '\u001b[31m');
  const message = '[click](https://evil.example) \u001b[31m \u202e \u009b31m';
  const fix = { title: message, edits: [{ span: evil.span(0, 5), newText: message }] };
  const hostile = [
    diagnose('value-invalid', message, evil.span(0, 5), [{ message, span: evil.span(0, 1) }], fix),
    { ...diagnose('sample-single', message, evil.span(0, 5)), silenced: message },
  ];
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
