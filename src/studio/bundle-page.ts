/** Bundles the page from its source. In: src/studio/page. Out: one script and one style sheet; run by itself, as JSON. */
import { join } from 'node:path';
import { build } from 'esbuild';

export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

const ENTRY = join(import.meta.dirname, 'page/main.tsx');

export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    outdir: 'built',
    entryNames: 'page',
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const textOf = (name: string): string => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}

if (import.meta.main) process.stdout.write(JSON.stringify(await bundlePage()));
