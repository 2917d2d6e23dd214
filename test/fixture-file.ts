/**
 * Fixtures are one file each, divided into parts. A line `=== <path> ...` begins the part of one file, or of several that
 * are the same; ` < <name>` behind it: its content is that of a file in test/fixtures/shared; ` \` behind it: it does not end
 * with a line end. In: the name of a fixture, such as err/id-mismatch. Out: its parts, or a folder that has them as files.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const SUFFIX = '.txt';
const HEAD = /^=== (?<paths>.+?)(?: < (?<shared>\S+)| (?<open>\\))?$/;

/** Names of all fixtures of a kind. A folder is a fixture that somebody forgot to put into one file. */
export function listFixtures(kind: 'ok' | 'err' | 'diff'): readonly string[] {
  const names = readdirSync(join(FIXTURES, kind));
  const wrong = names.filter((name) => !name.endsWith(SUFFIX));
  if (wrong.length > 0) throw new Error(`a fixture is one file, divided into parts: ${wrong.join(', ')}`);
  return names.map((name) => name.slice(0, -SUFFIX.length)).sort();
}

/** Content by path. */
export function readParts(fixture: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const { paths, text } of parse(fixture)) for (const path of paths) parts.set(path, text);
  return parts;
}

/** Writes the parts into a temporary folder. `cleanUp` is told how to remove it: `afterAll` or `onTestFinished`. */
export function unpackFixture(fixture: string, cleanUp: (remove: () => void) => void): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-fixture-')));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of readParts(fixture)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Writes one part anew, at the end where there was none. */
export function updatePart(fixture: string, path: string, text: string): void {
  const others = parse(fixture).filter(({ paths }) => !paths.includes(path));
  const kept = others.map(({ lines }) => lines.join('\n'));
  writeFileSync(fileOf(fixture), `${[...kept, `=== ${path}`].join('\n')}\n${text}`);
}

interface Part {
  readonly paths: readonly string[];
  readonly text: string;
  /** As they stand in the file. */
  readonly lines: readonly string[];
}

function parse(fixture: string): readonly Part[] {
  const blocks: string[][] = [];
  // Only `\n` ends a line: fixtures hold other line ends on purpose.
  for (const line of readFileSync(fileOf(fixture), 'utf8').replace(/\n$/, '').split('\n')) {
    if (HEAD.test(line)) blocks.push([line]);
    else if (blocks.length === 0) throw new Error(`${fixture} does not begin with a part`);
    else blocks.at(-1)?.push(line);
  }
  return blocks.map((lines) => {
    const [head = '', ...content] = lines;
    const { paths = '', shared, open } = HEAD.exec(head)?.groups ?? {};
    const text = content.map((line) => `${line}\n`).join('');
    const own = open === undefined ? text : text.slice(0, -1);
    return { paths: paths.split(' '), text: shared === undefined ? own : readShared(shared), lines };
  });
}

function readShared(name: string): string {
  return readFileSync(join(FIXTURES, 'shared', name), 'utf8');
}

function fileOf(fixture: string): string {
  return join(FIXTURES, `${fixture}${SUFFIX}`);
}
