// One side of an example of a code, put into a folder of its own and checked. Out: the diagnostics, and what `check` prints.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileConnectors } from '../../src/compiler/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import {
  BASE,
  type ExampleFile,
  LONG_LIST,
  listFiles,
  type Side,
} from '../../src/diagnostics/examples/example.ts';
import { reportPretty } from '../../src/diagnostics/reporters/pretty.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';

export interface CheckedSide {
  readonly diagnostics: readonly Diagnostic[];
  readonly printed: string;
}

export async function checkSide(side: Side, scripts: ScriptRunner): Promise<CheckedSide> {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-example-')));
  try {
    for (const [path, file] of filesOf(side)) put(join(cwd, 'connectors/orders', path), file);
    const { diagnostics, sources, connectors } = await compileConnectors({
      folder: join(cwd, 'connectors'),
      cwd,
      scripts,
    });
    const printed = reportPretty(diagnostics, { sources, connectors: connectors.length, colour: false });
    return { diagnostics, printed };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Those of the side, and of the base what it leaves. */
function filesOf(side: Side): ReadonlyMap<string, ExampleFile> {
  const own = new Map(listFiles(side));
  const connector = own.get('connector.yaml');
  if (typeof connector === 'object' && 'absent' in connector) return own;
  const whole =
    typeof connector === 'string' ? mergeKeys(BASE['connector.yaml'] ?? '', connector) : connector;
  return new Map([
    ...Object.entries(BASE),
    ...own,
    ...(whole === undefined ? [] : [['connector.yaml', whole] as const]),
  ]);
}

/** The part's top-level keys take the place of the base's; one with `apiVersion` is a whole file. */
function mergeKeys(base: string, part: string): string {
  if (part.startsWith('apiVersion:')) return part;
  const keys = new Set(part.match(/^\w+(?=:)/gm));
  if (keys.has('sample')) keys.add('samples');
  const kept = base.split(/^(?=\w)/m).filter((block) => !keys.has(block.split(':')[0] ?? ''));
  return `${kept.join('')}${part}`;
}

function put(path: string, file: ExampleFile): void {
  if (typeof file === 'object' && 'absent' in file) return;
  mkdirSync(dirname(path), { recursive: true });
  if (typeof file === 'string') writeFileSync(path, file);
  else if ('latin1' in file) writeFileSync(path, file.latin1, 'latin1');
  else if ('bytes' in file) writeFileSync(path, `"${'x'.repeat(file.bytes - 2)}"`);
  else if ('long' in file) writeFileSync(path, file.long.replace('...', Array(LONG_LIST).fill(0).join()));
  else if ('copies' in file) {
    for (let n = 1; n <= file.copies; n += 1) writeFileSync(path.replace('<n>', String(n)), file.of);
  } else symlinkSync(file.link, path);
}
