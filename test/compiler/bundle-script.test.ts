import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BundledScript, bundleScript } from '../../src/compiler/bundle-script.ts';
import { readOwnFile } from '../../src/compiler/read-file.ts';
import type { ScriptMappingPlan } from '../../src/stages/plans.ts';
import { placeInScript } from '../../src/stages/script/script-places.ts';
import { makeFolder } from './folder.ts';

/** Compiles files that exist only here, by their paths; any other read is one too many. */
function bundle(files: Readonly<Record<string, string>>, file = 'mapping.js'): Promise<BundledScript> {
  const folder = makeFolder(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`c/${path}`, text])),
  );
  return bundleScript(file, (path) => readOwnFile(join(folder.cwd, 'connectors/c'), path, 256 * 1024));
}

async function planOf(files: Readonly<Record<string, string>>, file?: string): Promise<ScriptMappingPlan> {
  const bundled = await bundle(files, file);
  if (!bundled.ok) throw new Error(JSON.stringify(bundled.problems));
  return bundled.plan;
}

async function problemsOf(files: Readonly<Record<string, string>>, file?: string): Promise<string[]> {
  const bundled = await bundle(files, file);
  const problems = bundled.ok ? bundled.warnings : bundled.problems;
  return problems.map(({ code, place }) =>
    place === null ? code : `${code} ${place.file}:${place.line}:${place.byte}+${place.bytes}`,
  );
}

const TYPED = {
  'mapping.ts': `import type { User } from './types.d.ts';
import table from './data/table.json' with { type: 'json' };
import { fail } from './lib/fail.mjs';

enum Urgency { High = 1 }

export default function map({ body }: { readonly body: User }) {
  if (body.id === 'é日本') fail(body.id satisfies string);
  return { targetUserIds: [body.id], cardOptions: { priority: Urgency.High }, variables: table };
}
`,
  'types.d.ts': 'export interface User { readonly id: string }\n',
  'data/table.json': '{ "a": 1 }\n',
  'lib/fail.mjs': `// Nothing of a comment is left.
import { text } from '../text.js';
export const fail = (id) => {
  throw new Error(text + id);
};
`,
  'text.js': "export const text = 'no such user: ';\n",
};

test('a script and what it imports become one module that imports nothing', async () => {
  const { source, file, map } = await planOf(TYPED, './mapping.ts');

  expect(file).toBe('mapping.ts');
  expect(map?.sources.toSorted()).toEqual(['data/table.json', 'lib/fail.mjs', 'mapping.ts', 'text.js']);
  expect(source).not.toMatch(/\bimport\b|interface|comment/);
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    default: (request: unknown) => unknown;
  };
  expect(module.default({ body: { id: 'u1' } })).toEqual({
    targetUserIds: ['u1'],
    cardOptions: { priority: 1 },
    variables: { a: 1 },
  });
});

test('the same files give the same bytes, wherever they are', async () => {
  const [first, ...others] = await Promise.all([planOf(TYPED, 'mapping.ts'), planOf(TYPED, 'mapping.ts')]);
  expect(others).toEqual([first]);
  expect(JSON.stringify(first)).not.toContain(tmpdir());
});

test('what is only written differently compiles to the same code', async () => {
  const plain = await planOf({ 'mapping.js': 'export default function map() { return null; }' });
  const commented = await planOf({
    'mapping.js': '/** @license me */\nexport default function map() {\n  // why\n  return null;\n}\n',
  });
  expect(commented.source).toBe(plain.source);
  expect(commented.digest).toBe(plain.digest);
});

test('a place in the module is found in the file it comes from', async () => {
  const plan = await planOf(TYPED, 'mapping.ts');
  const place = (text: string) => {
    const before = plan.source.slice(0, plan.source.indexOf(text)).split('\n');
    return placeInScript(plan, before.length, (before.at(-1)?.length ?? 0) + 1);
  };

  expect(place('throw')).toEqual({ file: 'lib/fail.mjs', line: 4, column: 3 });
  // A column counts UTF-16 units, whatever their length in UTF-8.
  expect(place('fail(body')).toEqual({ file: 'mapping.ts', line: 8, column: 26 });
  expect(placeInScript({ ...plan, source: '', map: { sources: [], mappings: '' } }, 1, 1)).toBeNull();
});

test.for([
  ['node:fs', 'node:fs'],
  ['a builtin without prefix', 'fs'],
  ['a package', 'esbuild'],
  ['a URL', 'https://example.com/a.js'],
  ['a data URL', 'data:text/javascript,export default 1'],
  ['a file URL', 'file:///etc/passwd'],
  ['an absolute path', '/etc/passwd'],
  ['the folder above', '../secret.js'],
  ['the folder above, in disguise', './lib/../../secret.js'],
  ['a subpath import', '#lib'],
  ['another kind of file', './notes.txt'],
  ['a query', './lib.js?raw'],
  ['a name without ending', './lib'],
] as const)('refuses to import %s', async ([, specifier]) => {
  const files = {
    'mapping.js': `import x from '${specifier}';\nexport default () => x;\n`,
    'lib.js': '',
    'notes.txt': '',
  };
  expect(await problemsOf(files)).toEqual([`script-import-refused mapping.js:1:14+${specifier.length + 2}`]);
});

test('a package of the machine, its settings and its neighbours are not looked at', async () => {
  const folder = makeFolder({
    'tsconfig.json': '{ "compilerOptions": { "paths": { "*": ["./secret.js"] }, "target": "es5" } }',
    'c/tsconfig.json': '{ broken',
    'c/package.json': '{ "imports": { "#x": "./x.js" }, "type": "commonjs", "sideEffects": false }',
    'c/x.js': 'globalThis.loaded = true; export const x = 1;',
    'c/mapping.js': "import './x.js';\nexport default () => a ?? b;\n",
  });
  const asked: string[] = [];
  const bundled = await bundleScript('mapping.js', (path) => {
    asked.push(path);
    return readOwnFile(join(folder.cwd, 'connectors/c'), path, 1024);
  });
  expect(asked).toEqual(['mapping.js', 'x.js']);
  expect(bundled.ok && bundled.plan.source).toContain('globalThis.loaded=true');
  expect(bundled.ok && bundled.plan.source).toContain('a??b');
});

test('an import through a symbolic link is refused', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'sluice-outside-'));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  writeFileSync(join(outside, 'secret.js'), 'export default 1;');
  const folder = makeFolder({ 'c/mapping.js': "import x from './link.js';\nexport default () => x;\n" });
  symlinkSync(join(outside, 'secret.js'), join(folder.cwd, 'connectors/c/link.js'));
  const bundled = await bundleScript('mapping.js', (path) =>
    readOwnFile(join(folder.cwd, 'connectors/c'), path, 1024),
  );
  expect(bundled).toMatchObject({ ok: false, problems: [{ code: 'reference-symlink' }] });
});

test('every problem of every file is reported, at its own place', async () => {
  const files = {
    'mapping.js': "import './é.js';\nimport './b.js';\nexport default () => import(x);\n",
    'é.js': "/* é */ import 'fs';\n",
    'b.js': 'const é = [1;\n',
  };
  expect((await problemsOf(files)).sort()).toEqual([
    'script-import-refused mapping.js:3:21+6',
    'script-import-refused é.js:1:16+4',
    'script-invalid b.js:1:13+1',
  ]);
});

test.for([
  ['module.exports', { 'mapping.js': 'module.exports = () => null;' }, 'script-invalid mapping.js:1:0+1'],
  [
    'an imported one',
    { 'mapping.js': "import x from './x.js'; export default x;", 'x.js': 'exports.x = 1;' },
    'script-invalid x.js:1:0+1',
  ],
  [
    'another export alone',
    { 'mapping.js': 'export const map = 1;' },
    'script-default-missing mapping.js:1:0+1',
  ],
  ['an empty file', { 'mapping.js': '' }, 'script-default-missing mapping.js:1:0+1'],
  [
    'await while loading',
    { 'mapping.js': 'await 1; export default 1;' },
    'script-await-refused mapping.js:1:0+5',
  ],
  ['JSX', { 'mapping.js': 'export default () => <a/>;' }, 'script-invalid mapping.js:1:21+1'],
] as const)('refuses %s', async ([, files, problem]) => {
  expect(await problemsOf(files)).toEqual([problem]);
});

test('the number of files and their size are bounded', async () => {
  const chain = (length: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        index === 0 ? 'mapping.js' : `m${index}.js`,
        `${index + 1 < length ? `import './m${index + 1}.js';` : ''}export default () => ${index};`,
      ]),
    );
  expect(await problemsOf(chain(32))).toEqual([]);
  expect(await problemsOf(chain(33))).toEqual(['script-too-large m31.js:1:7+10']);

  const comment = `/*${'x'.repeat(200 * 1024)}*/`;
  const wide = {
    'mapping.js': `import './a.js'; import './b.js'; export default () => null; ${comment}`,
    'a.js': comment,
    'b.js': comment,
  };
  expect((await problemsOf(wide)).map((problem) => problem.split(' ')[0])).toEqual(['script-too-large']);
});

test('text that no compiler gets through is refused, and the next script compiles', async () => {
  const nested = bundle({ 'mapping.js': `export default ${'!'.repeat(250 * 1024)}1` });
  const next = planOf(TYPED, 'mapping.ts');
  expect(await nested).toMatchObject({
    ok: false,
    problems: [{ code: 'script-invalid', message: 'the script cannot be compiled: it is too deeply nested' }],
  });
  expect((await next).source).not.toBe('');
});

test('a bundle of many: each gets its own', async () => {
  const plans = await Promise.all(
    Array.from({ length: 20 }, (_, index) => planOf({ 'mapping.js': `export default () => ${index};` })),
  );
  expect(plans.map(({ source }) => /=> ?(\d+)|=>(\d+)/.exec(source)?.[0].replace(/\D/g, ''))).toEqual(
    plans.map((_, index) => String(index)),
  );
});
