/**
 * Entries below the connectors folder that are neither file nor folder, or that a checkout changes: links, submodules, pipes.
 * In: where they are. Out: a side on which their connectors do not compile, and problems. What is built of them is in no
 * commit that is compared.
 */
import { posix } from 'node:path';
import { diagnose } from '../../../diagnostics/diagnose.ts';
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { quote } from '../../../diagnostics/printable.ts';
import { SourceFile } from '../../../diagnostics/source.ts';
import type { LoadedSide } from './compile-commit.ts';
import { nameOf, type Stray } from './connector-files.ts';

export function withoutStrays(side: LoadedSide, strays: readonly Stray[]): LoadedSide {
  if (strays.length === 0) return side;
  const connectors = new Map(side.connectors);
  const broken = new Map(side.broken);
  for (const stray of strays) {
    const name = nameOf(stray.path);
    if (name === null || broken.has(name)) continue;
    const text = side.compilation?.sources.get(side.files.get(name)?.file ?? '')?.text ?? '';
    connectors.delete(name);
    broken.set(name, { error: describe(stray), text });
  }
  return { ...side, connectors, broken };
}

/** `dir`: of the connectors, for the messages. */
export function diagnoseStrays(strays: readonly Stray[], dir: string): readonly Diagnostic[] {
  return strays.map((stray) =>
    diagnose('entry-refused', describe(stray), new SourceFile(posix.join(dir, stray.path), '').span(0, 0)),
  );
}

function describe({ path, fact }: Stray): string {
  return `${quote(path)} ${fact}`;
}
