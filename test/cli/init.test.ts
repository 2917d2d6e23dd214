import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { Scratch } from './new/workspace.ts';

const FILES = [
  '.editorconfig',
  '.gitattributes',
  '.github/dependabot.yml',
  '.github/workflows/connectors-comment.yml',
  '.github/workflows/connectors.yml',
  '.gitignore',
  '.vscode/extensions.json',
  '.vscode/settings.json',
  'README.md',
  'package.json',
];
const EXAMPLE = [
  'connectors/order-paid/cases/events.yaml',
  'connectors/order-paid/connector.yaml',
  'connectors/order-paid/samples/anonymous.json',
  'connectors/order-paid/samples/paid.json',
];

test('an empty folder becomes a repository whose example passes everything without a warning', async () => {
  const scratch = new Scratch();
  expect(await scratch.sluice(['init'])).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining(`npm install --save-dev ./vendor/sluice-${packageJson.version}.tgz`),
  });
  expect(scratch.files()).toEqual([...FILES, ...EXAMPLE].sort());
  expect(await scratch.sluice(['check'])).toEqual({ code: 0, out: '', err: 'no problems in 1 connector\n' });
  expect(await scratch.sluice(['test'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('5 passed, 0 failed'),
  });
  expect((await scratch.sluice(['build'])).code).toBe(0);
  expect(JSON.parse(scratch.read('package.json'))).toMatchObject({
    private: true,
    engines: packageJson.engines,
  });

  const before = scratch.files().map((file) => scratch.read(file));
  const again = await scratch.sluice(['init', '--json']);
  expect({ code: again.code, ...JSON.parse(again.out) }).toEqual({
    code: 0,
    wrote: [],
    kept: expect.arrayContaining(FILES),
    failed: [],
    advice: expect.arrayContaining([expect.stringContaining('do not install it by its name alone')]),
  });
  expect(scratch.files().map((file) => scratch.read(file))).toEqual(before);
});

test('every schema that a file names is where an installed package has it', async () => {
  const scratch = new Scratch();
  await scratch.sluice(['init']);
  await scratch.sluice(['new', 'second', '--url-key', '--action-flow', 'F1', '--target', '$.user.id']);
  const shipped = readdirSync(join(import.meta.dirname, '../../schemas'));
  const files = scratch.files().filter((file) => file.startsWith('connectors/') && file.endsWith('.yaml'));
  expect(files).toHaveLength(4);
  for (const file of files) {
    const [, path = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(scratch.read(file)) ?? [];
    const [name = '', ...rest] = join(file, '..', path).split('/').toReversed();
    expect([file, rest.toReversed().join('/')]).toEqual([file, 'node_modules/sluice/schemas']);
    expect(shipped).toContain(name);
  }
  const { 'yaml.schemas': schemas } = JSON.parse(scratch.read('.vscode/settings.json'));
  for (const path of Object.keys(schemas))
    expect(shipped).toContain(path.replace('./node_modules/sluice/schemas/', ''));
});

test('what is there stays, and what it lacks is said', async () => {
  const scratch = new Scratch();
  scratch.write('repo/.git/HEAD', 'ref: refs/heads/main\n');
  scratch.write('repo/package.json', { name: 'mine', scripts: { test: 'vitest', check: 'sluice check' } });
  scratch.write('repo/.gitignore', 'node_modules\n');
  scratch.write('repo/README.md', 'Mine.\n');
  scratch.write('repo/connectors/own/connector.yaml', 'id: own\n');
  const before = scratch.files();
  const { code, out, err } = await scratch.sluice(['init', 'repo']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const line of [
    'kept package.json, which exists',
    'kept README.md, which exists',
    'kept connectors/, without the example',
    'npm install --save-dev sluice@npm:@<your scope>/sluice@',
    'npm pkg set "scripts.test=sluice test" "scripts.build=sluice build" "scripts.start=sluice dev"',
    '.gitignore is as it was; add to it: .sluice/',
    'wrote .github/workflows/connectors.yml',
  ])
    expect(out).toContain(line);
  expect(scratch.read('repo/README.md')).toBe('Mine.\n');
  expect(JSON.parse(scratch.read('repo/package.json')).name).toBe('mine');
  const added = scratch.files().filter((file) => !before.includes(file));
  expect(added.filter((file) => file.startsWith('repo/connectors/'))).toEqual([]);
});

test('nothing is said about installing where package.json has Sluice, and no name is written without a source', async () => {
  const scratch = new Scratch();
  await scratch.sluice(['init', 'fresh']);
  expect(JSON.parse(scratch.read('fresh/package.json'))).not.toHaveProperty('devDependencies');
  const devDependencies = { sluice: 'file:vendor/sluice-0.1.0.tgz' };
  const { scripts } = JSON.parse(scratch.read('fresh/package.json'));
  scratch.write('repo/package.json', { scripts, devDependencies });
  const { out } = await scratch.sluice(['init', 'repo']);
  expect(out).not.toContain('does not have Sluice');
  expect(out).toContain('then: npm install && npx sluice check');
  expect(JSON.parse(scratch.read('repo/package.json')).devDependencies).toEqual(devDependencies);
});

test('--bare leaves the example out', async () => {
  const scratch = new Scratch();
  expect((await scratch.sluice(['init', 'new/repo', '--bare'])).code).toBe(0);
  expect(scratch.files()).toEqual(FILES.map((file) => `new/repo/${file}`));
});

test('inside another repository the workflows are said to be in the wrong place', async () => {
  const scratch = new Scratch();
  scratch.write('.git/HEAD', '');
  const { out } = await scratch.sluice(['init', 'sub']);
  expect(out).toContain(`move .github to ${scratch.folder}`);
});

test('nothing is written through a link, or over what is no folder', async () => {
  const scratch = new Scratch();
  scratch.write('elsewhere/keep', '');
  scratch.write('repo/.vscode', 'a file');
  symlinkSync(scratch.path('elsewhere'), scratch.path('repo/.github'));
  symlinkSync(scratch.path('elsewhere/new'), scratch.path('repo/README.md'));
  const { code, err, out } = await scratch.sluice(['init', 'repo']);
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toEqual([
    '.vscode/settings.json is left out: .vscode is not a folder',
    '.vscode/extensions.json is left out: .vscode is not a folder',
    '.github/dependabot.yml is left out: .github is not a folder',
    '.github/workflows/connectors.yml is left out: .github is not a folder',
    '.github/workflows/connectors-comment.yml is left out: .github is not a folder',
  ]);
  expect(out).toContain('kept README.md, which exists');
  expect(scratch.files().filter((file) => file.startsWith('elsewhere'))).toEqual(['elsewhere/keep']);
});
