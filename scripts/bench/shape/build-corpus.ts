// In: clones of public repositories, as <dir>/<owner>/<name>. Out: a corpus for bench:shape, <out>/<source>/<event>/<n>.json.
// Reads the commits that public-sources.ts names, writes only below --out, and fetches nothing.
//   node scripts/bench/shape/build-corpus.ts --clones DIR --out DIR
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bodyOf, COMMITS, eventOf, PUBLIC_SOURCES } from './public-sources.ts';

const { values } = parseArgs({ options: { clones: { type: 'string' }, out: { type: 'string' } } });
if (values.clones === undefined || values.out === undefined)
  throw new Error('give --clones, a folder of <owner>/<name>, and --out, where the corpus goes');

/** Bodies by source and event, each once. */
const groups = new Map<string, Set<string>>();
for (const { source, repository, folder, form, event } of PUBLIC_SOURCES) {
  const clone = join(values.clones, repository);
  const commit = COMMITS[repository] as string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const files = git('ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`).split('\0');
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const body = readBody(git('show', `${commit}:${file}`), form);
    const name = body === null ? null : eventOf(event, body, basename(file));
    if (body === null || name === null) continue;
    const key = join(source, name);
    groups.set(key, (groups.get(key) ?? new Set()).add(JSON.stringify(body)));
  }
}
let payloads = 0;
for (const [key, bodies] of groups) {
  mkdirSync(join(values.out, key), { recursive: true });
  for (const [index, body] of [...bodies].entries())
    writeFileSync(join(values.out, key, `${String(index + 1).padStart(3, '0')}.json`), `${body}\n`);
  payloads += bodies.size;
}
const sources = new Set([...groups.keys()].map((key) => key.split('/')[0]));
console.log(`${sources.size} sources, ${groups.size} events, ${payloads} payloads in ${values.out}`);

function readBody(text: string, form: Parameters<typeof bodyOf>[0]) {
  try {
    return bodyOf(form, JSON.parse(text));
  } catch {
    return null;
  }
}
