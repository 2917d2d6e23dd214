/**
 * What a new connector would be, before any of it is written: its files in, its compilation and what its cases come to
 * out, from a scratch folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Compilation, compileConnectors } from '../../compiler/compile.ts';
import { type CaseResult, runCase } from '../cases/run-case.ts';
import { withScripts } from '../compile/compile-folder.ts';
import { withScratchFolder } from '../files/scratch-folder.ts';

/** By path below the connector's folder. */
export type NewFiles = ReadonlyMap<string, string>;

export interface Trial {
  readonly compilation: Compilation;
  /** False: the connector has errors. */
  readonly isSound: boolean;
  /** In the order of the cases; none where the connector has errors. */
  readonly results: readonly CaseResult[];
}

/** `display` is the connector's folder as people call it, such as connectors/order-paid. */
export function tryFiles(display: string, files: NewFiles): Promise<Trial> {
  return withScratchFolder('sluice-new-', (scratch) => tryIn(scratch, display, files));
}

function tryIn(scratch: string, display: string, files: NewFiles): Promise<Trial> {
  return withScripts(async (scripts) => {
    const own = join(scratch, display);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), text);
    }
    const compilation = await compileConnectors({
      folder: dirname(own),
      cwd: scratch,
      scripts,
      isTemporary: true,
    });
    const connector = compilation.connectors[0];
    const plan = connector?.plan ?? null;
    if (connector === undefined || plan === null) return { compilation, isSound: false, results: [] };
    const results: CaseResult[] = [];
    for (const { case: one } of connector.cases) results.push(await runCase(connector, plan, one, scripts));
    return { compilation, isSound: true, results };
  });
}
