/** In: a compilation whose files are about to be removed. Out: the same, with the texts that its diagnostics point into. */
import type { Compilation } from '../compiler/compile.ts';

export function keepSources(compilation: Compilation): Compilation {
  const files = new Set(compilation.diagnostics.map(({ span }) => span.file));
  const sources = [...files].flatMap((file) => {
    const source = compilation.sources.get(file);
    return source === undefined ? [] : [[file, source] as const];
  });
  return { ...compilation, sources: new Map(sources) };
}
