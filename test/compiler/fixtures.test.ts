// Each folder below test/fixtures/err holds a connectors folder and, in expected.out, exactly what `check` prints for it;
// each below test/fixtures/ok is silent. UPDATE_FIXTURES=1 writes the expectations anew.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Compilation, compileConnectors } from '../../src/compiler/compile.ts';
import { CODES, type Code } from '../../src/diagnostics/codes.ts';
import { reportPretty } from '../../src/diagnostics/reporters/pretty.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
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
  // An installation without esbuild's optional packages.
  'script-compiler-missing',
];

async function compileFixture(
  kind: 'ok' | 'err',
  name: string,
): Promise<{ compilation: Compilation; text: string }> {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-fixture-')));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  cpSync(join(fixtures, kind, name), cwd, { recursive: true });
  SETUPS[name]?.(join(cwd, 'connectors/orders'));
  const compilation = await compileConnectors({ folder: join(cwd, 'connectors'), cwd, scripts });
  const { diagnostics, sources, connectors } = compilation;
  return {
    compilation,
    text: reportPretty(diagnostics, { sources, connectors: connectors.length, colour: false }),
  };
}

const reported = new Set<string>();

describe('err', () => {
  test.for(readdirSync(join(fixtures, 'err')))('%s', async (name) => {
    const { compilation, text } = await compileFixture('err', name);
    for (const { code } of compilation.diagnostics) reported.add(code);

    const expected = join(fixtures, 'err', name, 'expected.out');
    if (process.env.UPDATE_FIXTURES === '1') writeFileSync(expected, text);
    expect(text).toBe(
      existsSync(expected) ? readFileSync(expected, 'utf8') : 'no expected.out: run with UPDATE_FIXTURES=1',
    );
    // A fixture that is named like a code is about it.
    if (Object.hasOwn(CODES, name)) expect(compilation.diagnostics.map(({ code }) => code)).toContain(name);
    const broken = new Set(
      compilation.diagnostics.filter(({ severity }) => severity === 'error').map(({ span }) => span.file),
    );
    for (const { file, plan } of compilation.connectors) if (broken.has(file)) expect(plan).toBeNull();
  });

  test('every code is reported by a fixture', () => {
    const missing = Object.keys(CODES).filter(
      (code) => !reported.has(code) && !UNREACHABLE.includes(code as Code),
    );
    expect(missing).toEqual([]);
  });
});

describe('ok', () => {
  test.for(readdirSync(join(fixtures, 'ok')))('%s', async (name) => {
    const { compilation, text } = await compileFixture('ok', name);

    expect(text).toMatch(/^no problems in \d+ connectors?\n$/);
    expect(compilation.connectors.map(({ plan }) => plan)).not.toContain(null);
  });
});
