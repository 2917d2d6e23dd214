/** What a deployment's targets file may say, and what is said where it is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import schema from '../../schemas/targets.schema.json' with { type: 'json' };
import { targetsReader } from '../../src/cli/targets-file.ts';
import { parseYaml } from '../../src/compiler/parse.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';
import { readConfig } from '../../src/runtime/config/config.ts';
import { TARGET_NAMES } from '../../src/runtime/targets/targets.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ENV = { SLUICE_SECRET_HOOK: SECRET, SLUICE_SECRET_OAUTH: 'hush', SLUICE_SECRET_NATS: 'hush' };

const EVERY_KIND = `apiVersion: sluice/v1
targets:
  default: { kind: log }
  crm: { kind: http, url: https://example.com/hook, testUrl: https://example.com/test, secret: { env: SLUICE_SECRET_HOOK } }
  cards: { kind: atomic, org: acme, env: production, clientId: a1, clientSecret: { env: SLUICE_SECRET_OAUTH } }
  billing:
    kind: nats
    servers: [nats://10.0.0.5:4222, nats://10.0.0.6:4222]
    subject: billing
    token: { env: SLUICE_SECRET_NATS }
`;

function read(text: string, options: Record<string, string> = {}, env: Record<string, string> = ENV) {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-targets-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'targets.yaml'), text);
  const context = { stdout: new PassThrough(), stderr: new PassThrough(), env, cwd };
  return readConfig({ targets: 'targets.yaml', ...options }, env, targetsReader(context));
}

function problemsOf(text: string, options: Record<string, string> = {}): readonly string[] {
  const result = read(text, options);
  return result.ok ? [] : result.problems;
}

/** Of the one target `one`. */
const problemsOfTarget = (target: string): readonly string[] =>
  problemsOf(`apiVersion: sluice/v1\ntargets:\n  one: ${target}\n`);

test('targets of every kind, with secrets by reference', () => {
  const result = read(EVERY_KIND);
  expect(result).toMatchObject({
    ok: true,
    config: {
      namedTargets: {
        default: { kind: 'log', values: {} },
        crm: { kind: 'http', values: { targetUrl: 'https://example.com/hook', targetSecret: SECRET } },
        cards: { kind: 'atomic', values: { atomicOrg: 'acme', atomicTokenUrl: null } },
        billing: { kind: 'nats', values: { natsServers: 'nats://10.0.0.5:4222,nats://10.0.0.6:4222' } },
      },
      warnings: [],
    },
  });
});

test('the schema for editors takes what the runtime takes, and refuses what it refuses', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const isValid = (text: string): boolean => validate(parseYaml(new SourceFile('t', text)).document?.value);
  expect(isValid(EVERY_KIND)).toBe(true);
  for (const wrong of [
    EVERY_KIND.replace('{ env: SLUICE_SECRET_HOOK }', 'whsec_abc'),
    EVERY_KIND.replace('kind: log', 'kind: lag'),
    EVERY_KIND.replace('testUrl', 'testURL'),
    EVERY_KIND.replace('subject:', 'subjects:'),
    EVERY_KIND.replace('org: acme, ', ''),
    EVERY_KIND.replace('billing:\n', 'Billing:\n'),
    'apiVersion: sluice/v1\ntargets: {}\n',
  ]) {
    expect(isValid(wrong)).toBe(false);
    expect(read(wrong).ok).toBe(false);
  }
});

test('a literal secret is refused where it stands, and not quoted', () => {
  const [problem, ...others] = problemsOfTarget(`{ kind: http, url: https://a.example, secret: ${SECRET} }`);
  expect(others).toEqual([]);
  expect(problem).toMatch(/^targets\.yaml:3:\d+: secret has to be a reference/);
  expect(problem).not.toContain(SECRET);
});

test.each([
  [
    '{ kind: htp }',
    `3:16: "htp" is no kind of target; did you mean "http"?: give ${TARGET_NAMES.join(', ')}`,
  ],
  ['{ url: https://a.example }', `3:8: kind is missing: give ${TARGET_NAMES.join(', ')}`],
  ['{ kind: log, url: x }', '3:21: "url" is no setting of a target of the kind log: it has none'],
  [
    '{ kind: nats, server: x, servers: "nats://a:1" }',
    '3:22: "server" is no setting of a target of the kind nats; did you mean "servers"?: it has servers, subject, token',
  ],
  ['{ kind: nats }', '3:8: a target of the kind nats needs servers: set it'],
  ['{ kind: nats, servers: 5 }', '3:31: servers is no text: give it in quotes'],
  ['{ kind: nats, servers: "http://a" }', '3:8: a server of the nats target is no nats:// or tls:// address'],
  [
    '{ kind: nats, servers: "nats://a:1", token: { env: SLUICE_SECRET_NONE } }',
    '3:52: the secret env:SLUICE_SECRET_NONE cannot be used: the variable is not set',
  ],
  ['5', '3:8: a target is an object: give { kind: ... } and its settings'],
])('%s', (target, problem) => {
  expect(problemsOfTarget(target)).toEqual([`targets.yaml:${problem}`]);
});

test.each([
  ['', 'targets.yaml:1:1: the file is no object'],
  ['targets: { one: { kind: log } }', 'targets.yaml:1:1: apiVersion has to be "sluice/v1"'],
  ['apiVersion: sluice/v1\n', 'targets.yaml:1:1: targets is missing or no object'],
  [
    'apiVersion: sluice/v1\ntarget: {}\n',
    'targets.yaml:2:1: "target" is no key of this file; did you mean "targets"?',
  ],
  ['apiVersion: sluice/v1\ntargets: &a { one: { kind: log } }\n', 'targets.yaml:2:10: '],
  ['[', 'targets.yaml:1:'],
])('a file that is none: %j', (text, beginning) => {
  expect(problemsOf(text).join('\n')).toContain(beginning);
});

test('one target by flags and several by a file exclude each other', () => {
  expect(problemsOf(EVERY_KIND, { target: 'nats', natsServers: 'nats://a:1' })).toEqual([
    '--target "nats" and --targets exclude each other: name it "default" in that file, or leave the file out',
  ]);
});

test('settings of a target beside the file have no effect, and that is said', () => {
  const result = read(EVERY_KIND, { natsSubject: 'x' });
  expect(result).toMatchObject({
    config: {
      warnings: [
        '--nats-subject (SLUICE_NATS_SUBJECT) is set, but targets come from --targets: it has no effect',
      ],
    },
  });
});

test('a file that is not there', () => {
  const result = readConfig(
    { targets: 'none.yaml' },
    {},
    targetsReader({ stdout: new PassThrough(), stderr: new PassThrough(), env: {}, cwd: tmpdir() }),
  );
  expect(result).toEqual({
    ok: false,
    problems: ['none.yaml cannot be read (ENOENT): name the file of targets'],
  });
});
