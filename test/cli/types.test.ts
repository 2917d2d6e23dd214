import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import trigger from '../../schemas/trigger.schema.json' with { type: 'json' };
import type { ExitCode } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { SCRIPT_PRESETS } from '../../src/workbench/new/script-presets.ts';

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc');

interface Workspace {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  sluice(...args: string[]): Promise<{ code: ExitCode; out: string; err: string }>;
}

/** `files` below connectors/orders. */
function makeWorkspace(files: Readonly<Record<string, string>>): Workspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-types-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(`connectors/orders/${path}`, text);
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    async sluice(...args) {
      let out = '';
      let err = '';
      const sink = (keep: (text: string) => void): Writable =>
        new Writable({
          write(chunk, _encoding, next) {
            keep(String(chunk));
            next();
          },
        });
      const code = await runProgram(args, {
        stdout: sink((text) => (out += text)),
        stderr: sink((text) => (err += text)),
        env: {},
        cwd: folder,
      });
      return { code, out, err };
    },
  };
}

function connector(mapping: string, extra = ''): string {
  return `apiVersion: sluice/v1\nid: orders\nactionFlow: F1\nsamples: [one.json, two.json]\nmapping: ${mapping}\n${extra}`;
}

const ONE = `{ "type": "order.created", "user": { "id": "u1", "name": "Ada" }, "lines": [{ "price": 3, "note": null }],
  "big": 123456789012345678901, "labels": {}, "two words": true }`;
const TWO = `{ "type": "order.created", "user": { "id": "u2" }, "lines": [], "big": 12345678901234567890,
  "labels": {}, "two words": null, "extra": [1, "a"] }`;
const FILES = {
  'connector.yaml': connector('{ script: mapping.js }', 'methods: [POST]\n'),
  'one.json': ONE,
  'two.json': TWO,
  'mapping.js': 'export default ({ body }) => ({ targetUserIds: [body.user.id] });\n',
};
const TYPES = 'connectors/orders/mapping.types.d.ts';

describe('types', () => {
  test('declare the request as the samples have it', async () => {
    const workspace = makeWorkspace(FILES);
    expect(await workspace.sluice('types', 'orders')).toMatchObject({ code: 0, out: `wrote ${TYPES}\n` });

    const body = /export type Body = (\{.*?\n\});/s.exec(workspace.read(TYPES))?.[1];
    expect(body).toBe(`{
  big: string;
  extra?: Array<number | string>;
  labels: {
    [name: string]: unknown;
  };
  lines: Array<{
    note: unknown;
    price: number;
  }>;
  "two words": boolean | null;
  type: string;
  user: {
    id: string;
    name?: string;
  };
}`);
    expect(workspace.read(TYPES)).toContain("method: 'POST';");
  });

  test('of a batch are those of its elements', async () => {
    const workspace = makeWorkspace({
      ...FILES,
      'connector.yaml': connector('{ script: mapping.js }', 'split: $.items\n'),
      'one.json': '{ "items": [{ "user": { "id": "u1" } }] }',
      'two.json': '{ "items": [{ "user": { "id": "u2" }, "at": 1 }] }',
    });
    await workspace.sluice('types');
    expect(workspace.read(TYPES)).toContain(
      'export type Body = {\n  at?: number;\n  user: {\n    id: string;\n  };\n};',
    );
  });

  test('declare every field of a trigger', async () => {
    const workspace = makeWorkspace(FILES);
    await workspace.sluice('types');
    for (const name of Object.keys(trigger.properties))
      expect(workspace.read(TYPES)).toMatch(new RegExp(`^  ${name}\\??:`, 'm'));
  });

  test('are written for a script that does not run yet', async () => {
    const workspace = makeWorkspace({
      ...FILES,
      'mapping.js': 'export default () => { throw new Error("todo"); };',
    });
    expect(await workspace.sluice('types')).toMatchObject({ code: 0, out: `wrote ${TYPES}\n` });
  });

  test('no value of a sample gets into them', async () => {
    const workspace = makeWorkspace(FILES);
    await workspace.sluice('types');
    expect(workspace.read(TYPES)).not.toMatch(/order\.created|Ada|u1|1234567/);
  });

  test('--check writes nothing and says what is out of date', async () => {
    const workspace = makeWorkspace(FILES);
    expect(await workspace.sluice('types', '--check')).toMatchObject({
      code: 1,
      out: `out of date ${TYPES}\n`,
    });
    expect(existsSync(join(workspace.folder, TYPES))).toBe(false);

    await workspace.sluice('types');
    expect(await workspace.sluice('types', '--check')).toMatchObject({ code: 0, out: '' });
    workspace.write('connectors/orders/two.json', '{ "type": "x", "user": { "id": "u2" }, "new": 1 }');
    expect(await workspace.sluice('types', 'orders', '--check', '--json')).toMatchObject({
      code: 1,
      out: `${JSON.stringify({ changed: [TYPES], current: [] }, null, 2)}\n`,
    });
  });

  test('a connector without script has none', async () => {
    const workspace = makeWorkspace({
      ...FILES,
      'connector.yaml': connector('{ targetUserIds: $.user.id }'),
    });
    expect(await workspace.sluice('types')).toMatchObject({ code: 0, out: '' });
    expect(await workspace.sluice('types', 'orders')).toMatchObject({
      code: 1,
      err: '"orders" has no types: its mapping is no script\n',
    });
    expect(await workspace.sluice('types', 'order')).toMatchObject({
      code: 2,
      err: 'no connector "order" in connectors; did you mean "orders"?\n',
    });
  });

  test.for(['mapping.js', 'mapping.ts'])('let an editor check a plain %s', async (script) => {
    const workspace = makeWorkspace({ ...FILES, 'connector.yaml': connector(`{ script: ${script} }`) });
    const file = `connectors/orders/${script}`;
    const check = (body: string): string => {
      const head = script.endsWith('.ts')
        ? `import type { Request, Trigger } from './mapping.types.d.ts';\nexport default function map(request: Request): Trigger | null {\n`
        : `// @ts-check\n/** @type {import('./mapping.types.d.ts').Mapping} */\nexport default function map(request) {\n`;
      workspace.write(file, `${head}${body}\n}\n`);
      // What editors do with a file that no project claims.
      const args = [
        '--noEmit',
        '--allowJs',
        '--strict',
        '--module',
        'preserve',
        '--target',
        'esnext',
        '--types',
        '',
        file,
      ];
      const { stdout } = spawnSync(TSC, args, { cwd: workspace.folder, encoding: 'utf8' });
      return stdout.replaceAll(/^.*\((\d+),(\d+)\): error (TS\d+).*$/gm, '$1:$3').trim();
    };
    await workspace.sluice('types');

    expect(
      check('return { targetUserIds: [request.body.user.id], variables: { n: request.body.lines.length } };'),
    ).toBe('');
    expect(check('return null;')).toBe('');
    expect(check('return { targetUserIds: [request.body.usr.id] };')).toMatch(/^3:TS2551|^4:TS2551/);
    expect(check('return { targetUserIds: [request.body.user.name] };')).toMatch(/:TS2322/);
    expect(check('return { targetUserIds: request.body.user.id };')).toMatch(/:TS2322/);
    expect(check('return {};')).toMatch(/:TS/);
  });
});

describe('new --script', () => {
  const BODY = {
    type: 'order.created',
    urgency: 'high',
    title: 'Tea',
    user: { id: 'u1', name: 'Ada' },
    author: { id: 'u2', name: 'Bob' },
    recipients: [{ id: 'u1' }, { id: 'u2' }, { id: 'u1' }],
    order: { number: 7 },
    items: [
      { title: 'Tea', price: 3 },
      { title: 'Milk', price: 2 },
      { title: 'Jam', price: 4 },
    ],
  };

  const presets = Object.keys(SCRIPT_PRESETS).map((preset) => [preset, 'mapping.js'] as const);
  describe('from a preset', () => {
    test.for([...presets, ['default', 'lib/mapping.ts']] as const)(
      '%s gives a script that maps, as %s',
      async ([preset, script]) => {
        const workspace = makeWorkspace({
          'connector.yaml': connector(`{ script: ${script} }`),
          'one.json': JSON.stringify(BODY),
          'two.json': JSON.stringify({ ...BODY, user: { id: 'u3', name: 'Eve' } }),
        });
        const made = await workspace.sluice('new', 'orders', '--script', preset);
        expect(made).toMatchObject({ code: 0 });
        expect(made.out).toBe(
          `wrote connectors/orders/${script}\nwrote connectors/orders/${script.replace(/\.[jt]s$/, '.types.d.ts')}\nthen: sluice preview orders\n`,
        );

        expect(await workspace.sluice('check')).toMatchObject({ code: 0 });
        const { out } = await workspace.sluice('preview', 'orders', '--no-body');
        expect(out).toMatch(/"targetUserIds": \[\s+"u1"\s+\]/);
        expect(await workspace.sluice('types', '--check')).toMatchObject({ code: 0 });
        const args = [
          '--noEmit',
          '--allowJs',
          '--allowImportingTsExtensions',
          '--strict',
          '--module',
          'preserve',
        ];
        const checked = spawnSync(
          TSC,
          [...args, '--target', 'esnext', '--types', '', `connectors/orders/${script}`],
          {
            cwd: workspace.folder,
            encoding: 'utf8',
          },
        );
        expect(checked.stdout).toBe('');
      },
    );
  });

  test('replaces nothing', async () => {
    const workspace = makeWorkspace(FILES);
    expect(await workspace.sluice('new', 'orders', '--script', 'default')).toMatchObject({
      code: 1,
      err: 'connectors/orders/mapping.js exists and is left as it is; move it away to start anew\n',
    });
    expect(workspace.read('connectors/orders/mapping.js')).toBe(FILES['mapping.js']);
    expect(existsSync(join(workspace.folder, TYPES))).toBe(false);
  });

  test('does not write through a link, nor outside the folder', async () => {
    const { 'mapping.js': _, ...files } = FILES;
    const workspace = makeWorkspace(files);
    symlinkSync('/nowhere/mapping.js', join(workspace.folder, 'connectors/orders/mapping.js'));
    expect(await workspace.sluice('new', 'orders', '--script', 'default')).toMatchObject({ code: 1 });
    workspace.write('connectors/orders/connector.yaml', connector('{ script: ../mapping.js }'));
    expect(await workspace.sluice('new', 'orders', '--script', 'default')).toMatchObject({ code: 1 });
    expect(existsSync(join(workspace.folder, 'connectors/mapping.js'))).toBe(false);
  });

  test('says what to do where the connector names no script, and which presets there are', async () => {
    const { 'mapping.js': _, ...files } = FILES;
    const workspace = makeWorkspace({
      ...files,
      'connector.yaml': connector('{ targetUserIds: $.user.id }'),
    });
    expect((await workspace.sluice('new', 'orders', '--script', 'default')).out).toContain(
      'name it in connectors/orders/connector.yaml: mapping: { script: mapping.js }\n',
    );
    expect(await workspace.sluice('new', 'orders', '--script', 'defualt')).toMatchObject({
      code: 2,
      err: 'no script preset "defualt"; did you mean "default"?\n',
    });
    expect(await workspace.sluice('new', 'orders')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^connectors\/orders exists.*--script/),
    });
  });
});
