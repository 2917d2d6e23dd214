// Each file below test/fixtures/err holds a connectors folder and, in its part expected.out, exactly what `check` prints for
// it; each below test/fixtures/ok is silent. UPDATE_FIXTURES=1 writes the expectations anew.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Compilation, compileConnectors } from '../../src/compiler/compile.ts';
import { CODES, type Code } from '../../src/diagnostics/codes.ts';
import { EXAMPLES } from '../../src/diagnostics/examples/examples.ts';
import { reportGithub } from '../../src/diagnostics/reporters/github.ts';
import { reportJson } from '../../src/diagnostics/reporters/json.ts';
import { reportPretty } from '../../src/diagnostics/reporters/pretty.ts';
import { reportSarif } from '../../src/diagnostics/reporters/sarif.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';
import { listFixtures, readParts, unpackFixture, updatePart } from '../fixture-file.ts';

const scripts = createScriptHost({});
afterAll(() => scripts.close());

/** What git cannot or should not hold is put in place before the fixture is compiled. */
const SETUPS: Readonly<Record<string, (orders: string) => void>> = {
  'file-too-large': (orders) => {
    writeFileSync(join(orders, 'samples/one.json'), `[${' '.repeat(1024 * 1024)}]`);
  },
  'script-too-large': (orders) => {
    for (const name of ['names', 'titles']) {
      writeFileSync(join(orders, `${name}.js`), `export const ${name} = '${'x'.repeat(150 * 1024)}';\n`);
    }
  },
  'file-not-utf8': (orders) =>
    writeFileSync(join(orders, 'samples/one.json'), Buffer.from('{"name": "Ren\xe9"}', 'latin1')),
  'cases-too-many': (orders) => {
    mkdirSync(join(orders, 'cases'));
    for (let n = 1; n <= 201; n += 1) writeFileSync(join(orders, `cases/${n}.yaml`), '');
  },
  'hostile-folder-link': (orders) => {
    renameSync(join(orders, '..'), join(orders, '../../elsewhere'));
    symlinkSync('elsewhere', join(orders, '..'));
  },
  // Opening one waits for its other end.
  'hostile-pipes': (orders) => {
    mkdirSync(join(orders, 'cases'));
    mkdirSync(join(orders, '../folder'));
    const pipes = [
      'samples/pipe.json',
      'mapping.js',
      'cases/pipe.yaml',
      '../folder/connector.yaml',
      '../flat.yaml',
    ];
    execFileSync(
      'mkfifo',
      pipes.map((name) => join(orders, name)),
    );
  },
  'hostile-names': (orders) => {
    const evil = 'a\n::error file=x::owned\u001b[2J\u202e%0A';
    mkdirSync(join(orders, 'cases'));
    writeFileSync(
      join(orders, `cases/${evil}.yaml`),
      `"${evil.replace('\n', '\\n').replace('\u001b', '\\e')}": 1\n`,
    );
    writeFileSync(join(orders, `../${evil}.yaml`), 'id: [\n');
    writeFileSync(join(orders, `../${evil}.yml`), '');
    mkdirSync(join(orders, `../${evil}`));
    writeFileSync(
      join(orders, '../-rf.yaml'),
      '# \u202e\u2066 admin\nid: "\u202emin\u2069"\n\u2067owner: x\n',
    );
  },
  'hostile-yaml': (orders) => {
    const size = 64 * 1024;
    const bombs = {
      deep: '['.repeat(size),
      maps: '{a: '.repeat(size / 4),
      lists: '- '.repeat(size / 2),
      indented: Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      aliases: 'a: &a [x, x]\nb: [*a, *a]\n',
      text: `"${'\\n'.repeat(size / 2 - 2)}`,
      colons: ':'.repeat(size),
      quotes: '"'.repeat(size),
      comments: '# \n'.repeat(size / 3),
    };
    for (const [name, text] of Object.entries(bombs)) writeFileSync(join(orders, `../${name}.yaml`), text);
  },
  'paths-too-costly': (orders) => {
    writeFileSync(
      join(orders, 'samples/one.json'),
      `{"user":{"id":"u"},"list":[${Array(400_000).fill(0).join()}]}`,
    );
  },
  'hostile-one-line': (orders) => {
    const items = '{"title":"Tea","price":12},'.repeat(38_000);
    writeFileSync(
      join(orders, 'samples/one.json'),
      `{"user":{"id":"u"},"items":[${items}0],"last":"\u202e"}`,
    );
    writeFileSync(join(orders, 'samples/two.json'), `{"user":{"id":"u"},"items":[${items}0],}`);
  },
  // Git commits nothing of this name.
  'entry-refused': (orders) => {
    mkdirSync(join(orders, '../invoices'));
    writeFileSync(join(orders, '../invoices/.git'), 'gitdir: ../../.git/modules/invoices\n');
  },
  'reference-symlink': (orders) => {
    symlinkSync('one.json', join(orders, 'samples/link.json'));
    symlinkSync('samples', join(orders, 'linked'));
    symlinkSync('samples', join(orders, 'cases'));
    symlinkSync('orders', join(orders, '../invoices'));
    symlinkSync('orders/connector.yaml', join(orders, '../flat.yaml'));
    mkdirSync(join(orders, '../refunds'));
    symlinkSync('../orders/connector.yaml', join(orders, '../refunds/connector.yaml'));
  },
};

/** Codes that no file can lead to. */
const UNREACHABLE: readonly Code[] = [
  // The parser refuses such keys before a mapping is looked at: key-forbidden.
  'output-key-forbidden',
  // Only where check is told which targets there are: cli/targets.test.ts.
  'target-unknown',
  // An installation without esbuild's optional packages.
  'script-compiler-missing',
];

async function compileFixture(
  kind: 'ok' | 'err',
  name: string,
): Promise<{ compilation: Compilation; text: string }> {
  const cwd = unpackFixture(`${kind}/${name}`, onTestFinished);
  SETUPS[name]?.(join(cwd, 'connectors/orders'));
  const compilation = await compileConnectors({ folder: join(cwd, 'connectors'), cwd, scripts });
  const { diagnostics, sources, connectors } = compilation;
  return {
    compilation,
    text: reportPretty(diagnostics, { sources, connectors: connectors.length, colour: false }),
  };
}

/** Whatever a file holds, no format has a control in it, and GitHub is given one command for each problem. */
function expectHarmless({ diagnostics, sources, connectors }: Compilation): void {
  const counted = diagnostics.filter(({ silenced }) => silenced === undefined);
  const github = reportGithub(diagnostics);
  expect(github.match(/^::(?:error|warning) file=/gm) ?? []).toHaveLength(counted.length);
  expect(github.match(/\n/g) ?? []).toHaveLength(counted.length);
  const json = reportJson(diagnostics);
  const sarif = reportSarif(diagnostics, { toolVersion: '1.2.3', sources });
  expect(JSON.parse(json).diagnostics).toHaveLength(counted.length);
  expect(JSON.parse(sarif).runs[0].results).toHaveLength(diagnostics.length);
  const pretty = reportPretty(diagnostics, { sources, connectors: connectors.length, colour: false });
  for (const text of [github, json, sarif, pretty])
    expect(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.exec(text)).toBeNull();
}

const reported = new Set<string>();

describe('err', () => {
  test.for(listFixtures('err'))('%s', async (name) => {
    const { compilation, text } = await compileFixture('err', name);
    for (const { code } of compilation.diagnostics) reported.add(code);

    expectHarmless(compilation);
    if (process.env.UPDATE_FIXTURES === '1') updatePart(`err/${name}`, 'expected.out', text);
    expect(text).toBe(
      readParts(`err/${name}`).get('expected.out') ?? 'no part expected.out: run with UPDATE_FIXTURES=1',
    );
    // A fixture that is named like a code is about it.
    if (Object.hasOwn(CODES, name)) expect(compilation.diagnostics.map(({ code }) => code)).toContain(name);
    const broken = new Set(
      compilation.diagnostics.filter(({ severity }) => severity === 'error').map(({ span }) => span.file),
    );
    for (const { file, plan } of compilation.connectors) if (broken.has(file)) expect(plan).toBeNull();
  });

  // Examples are compiled too, and what is printed of them is compared: those of codes without any are all here.
  test('every code is reported by a fixture or has an example', () => {
    const missing = (Object.keys(CODES) as Code[]).filter(
      (code) => !reported.has(code) && typeof EXAMPLES[code] === 'string' && !UNREACHABLE.includes(code),
    );
    expect(missing).toEqual([]);
  });
});

describe('ok', () => {
  test.for(listFixtures('ok'))('%s', async (name) => {
    const { compilation, text } = await compileFixture('ok', name);

    expect(text).toMatch(/^no problems in \d+ connectors?\n$/);
    expect(compilation.connectors.map(({ plan }) => plan)).not.toContain(null);
  });
});
