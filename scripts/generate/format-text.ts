// In: text that was generated, and the name that it would have. Out: the same as Biome would format it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export function formatText(text: string, name: string): string {
  const command = join(root, 'node_modules/.bin/biome');
  const args = ['format', `--stdin-file-path=${name}`];
  const biome = spawnSync(command, args, { cwd: root, input: text, encoding: 'utf8' });
  if (biome.status !== 0) throw new Error(`biome could not format what was generated: ${biome.stderr}`);
  return biome.stdout;
}
