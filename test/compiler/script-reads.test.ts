// What a script can make its compiler read: nothing but the files that the connector's own reader hands out.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleScript } from '../../src/compiler/bundle-script.ts';
import { runEsbuild } from '../../src/compiler/confined-esbuild.ts';
import { readOwnFile } from '../../src/compiler/read-file.ts';

const outside = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-bait-')));
const folder = join(outside, 'connectors/c');
/** What stands in the file outside. */
const TOKEN = 'npm_aVerySecretToken';

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(outside, 'token'), TOKEN);
  writeFileSync(
    join(outside, 'map.json'),
    JSON.stringify({ version: 3, sources: [TOKEN], names: [], mappings: 'AAAA' }),
  );
  execFileSync('mkfifo', [join(outside, 'fifo')]);
});
afterAll(() => rmSync(outside, { recursive: true }));

/** In two parts, as what runs the tests looks for such comments, too. */
const NAME = ['source', 'MappingURL'].join('');

const COMMENTS = [
  `//# ${NAME}=file://${outside}/token`,
  `//@ ${NAME}=file://${outside}/token`,
  `/*# ${NAME}=file://localhost${outside}/token */`,
  `//# ${NAME}=file://${outside}/connectors/../token`,
  `//# ${NAME}=file://${outside}/map.json`,
  `//# ${NAME}=file://${outside}/fifo`,
  `//# ${NAME}=../../token`,
  `//# ${NAME}=${outside}/token`,
  `//# ${NAME}=data:application/json;base64,${Buffer.from(
    JSON.stringify({ version: 3, sources: ['../../../home/npmrc'], names: [], mappings: 'AAAA' }),
  ).toString('base64')}`,
];

/** Compiles a script of these files, and keeps account of what is asked for. */
async function compile(files: Readonly<Record<string, string>>, file: string) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const asked: string[] = [];
  const bundled = await bundleScript(file, (path) => {
    asked.push(path);
    return readOwnFile(folder, path, 1024 * 1024);
  });
  return { bundled, asked, said: JSON.stringify(bundled) };
}

describe.each(COMMENTS)('%s', (comment) => {
  test.each(['mapping.js', 'mapping.mjs', 'mapping.ts'])('is refused in %s, at its place', async (file) => {
    const { bundled, asked, said } = await compile(
      { [file]: `export default () => null;\n'é'; ${comment}` },
      file,
    );
    expect(bundled).toMatchObject({
      ok: false,
      problems: [{ code: 'script-source-map-refused', place: { file, line: 2, byte: 8 } }],
    });
    expect(asked).toEqual([file]);
    expect(said).not.toContain(TOKEN);
  });

  test('is refused in a file that is imported, code or data', async () => {
    const files = {
      'mapping.js': "import './code.js'; import data from './data.json'; export default () => data;",
      'code.js': `${comment}\n`,
      'data.json': `{}\n${comment}`,
    };
    const { bundled, said } = await compile(files, 'mapping.js');
    expect(bundled).toMatchObject({
      ok: false,
      problems: [{ code: 'script-source-map-refused' }, { code: 'script-source-map-refused' }],
    });
    expect(said).not.toContain(TOKEN);
  });

  test('leads esbuild itself to no file', async () => {
    const built = await runEsbuild(optionsOf(`export default 1;\n${comment}`));
    expect('failure' in built).toBe(false);
    expect(JSON.stringify(built)).not.toContain(TOKEN);
  });
});

/** A build as careless as can be: what the file holds is all that stands between esbuild and the machine. */
function optionsOf(text: string): BuildOptions {
  return {
    stdin: { contents: text, resolveDir: folder, sourcefile: 'mapping.js' },
    bundle: true,
    write: false,
    logLevel: 'silent',
    sourcemap: 'external',
    outdir: '/',
  };
}

test.each([
  ['an import of a file that is there', "import './mapping.js'"],
  ['a folder that is looked through', "export const load = (name) => import('./' + name + '.js')"],
  ['a package', "import 'esbuild'"],
])('esbuild opens nothing for %s', async (_, text) => {
  writeFileSync(join(folder, 'mapping.js'), TOKEN);
  const built = await runEsbuild(optionsOf(text));
  expect(JSON.stringify(built)).not.toContain(TOKEN);
  expect('errors' in built && built.errors.map(({ text }) => text).join('\n')).toContain(
    'too many open files',
  );
});

// What the kernel says about it, where it says so.
test.skipIf(process.platform !== 'linux')(
  'its process has no descriptor left, and no environment',
  async () => {
    await runEsbuild(optionsOf('export default 1;'));
    const started = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => isEsbuildOfOurs(pid));
    expect(started).toHaveLength(1);
    const [pid = ''] = started;
    const [, limit] = /^Max open files +(\d+) +\1 /m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
    const taken = Array.from({ length: Number(limit) }, (_, number) => String(number));
    expect(readdirSync(`/proc/${pid}/fd`)).toEqual(expect.arrayContaining(taken));
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
  },
);

function isEsbuildOfOurs(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (
      Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--service=')
    );
  } catch {
    // It ended meanwhile.
    return false;
  }
}

const STRACE = '/usr/bin/strace';

/** A call that another thread interrupts is told in two lines. */
function wholeCalls(lines: readonly string[]): readonly string[] {
  const begun = new Map<string, string>();
  return lines.flatMap((line) => {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, begin] = /^(.*) <unfinished \.\.\.>$/.exec(rest) ?? [];
    if (begin !== undefined) begun.set(thread, begin);
    const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest) ?? [];
    if (end !== undefined) return [`${thread} ${begun.get(thread) ?? ''}${end}`];
    return begin === undefined ? [line] : [];
  });
}

// Counts what the kernel was asked to open while every script above compiles, and what it let be opened.
test.skipIf(process.platform !== 'linux' || !existsSync(STRACE))(
  'of all files that hostile scripts make its process look for, it opens none',
  () => {
    const texts = [
      ...COMMENTS.map((comment) => `export default 1;\n${comment}`),
      "import '../../token'",
      "import 'esbuild'",
      "export const load = (name) => import('./' + name + '.js')",
    ];
    const program = join(outside, 'compile.ts');
    const source = join(import.meta.dirname, '../../src/compiler/confined-esbuild.ts');
    writeFileSync(
      program,
      `import { runEsbuild } from ${JSON.stringify(source)};
for (const options of ${JSON.stringify(texts.map(optionsOf))}) await runEsbuild(options);
process.exit();\n`,
    );
    const log = join(outside, 'strace');
    const calls = 'trace=execve,open,openat,openat2,connect';
    // Node's own cache is written by threads of the process that starts esbuild.
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
    execFileSync(STRACE, ['-f', '-qq', '-o', log, '-e', calls, process.execPath, program], { env });
    const lines = wholeCalls(readFileSync(log, 'utf8').split('\n'));
    const start = lines.findIndex((line) => /execve\("[^"]*\/esbuild", .* = 0$/.test(line));
    expect(start).toBeGreaterThan(0);
    const opened = lines.slice(start + 1).filter((line) => /^\d+ +(?:open|connect)/.test(line));
    // What Go's runtime looks at when it starts, and closes again.
    const asked = opened.filter((line) => !/"\/(?:proc\/self|sys)\//.test(line));
    expect(asked.filter((line) => line.includes(`"${outside}/token"`)).length).toBeGreaterThan(0);
    expect(asked.filter((line) => !line.includes(' = -1 EMFILE'))).toEqual([]);
  },
  120_000,
);
