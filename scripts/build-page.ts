// Bundles the studio's page into a built package. In: src/studio/page. Out: page.js and page.css where the built server
// looks for them, below the folder given (default: dist).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePage } from '../src/studio/bundle-page.ts';

export async function writePage(dist: string): Promise<void> {
  const { script, style } = await bundlePage();
  const folder = join(dist, 'src/studio/built');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'page.js'), script);
  writeFileSync(join(folder, 'page.css'), style);
}

if (import.meta.main) await writePage(process.argv[2] ?? join(import.meta.dirname, '../dist'));
