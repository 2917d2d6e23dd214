// A folder of connectors for one test, and its compilation with a runner of scripts that needs no other process.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Compilation, type CompileOptions, compileConnectors } from '../../src/compiler/compile.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';

export interface Folder {
  readonly cwd: string;
  write(path: string, content: string | Buffer): void;
  compile(options?: Partial<CompileOptions>): Promise<Compilation>;
}

/** `files` by their path below connectors/. */
export function makeFolder(files: Readonly<Record<string, string>>): Folder {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-compile-')));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const write = (path: string, content: string | Buffer): void => {
    const file = join(cwd, 'connectors', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    cwd,
    write,
    compile: (options = {}) =>
      compileConnectors({ folder: join(cwd, 'connectors'), cwd, scripts: noScripts, ...options }),
  };
}

/** For connectors without scripts. */
export const noScripts: ScriptRunner = {
  run: () => Promise.reject(new Error('no script is expected to run')),
  close: () => Promise.resolve(),
};

export const SAMPLE_ONE = '{ "id": "evt_1", "type": "paid", "user": { "id": "user_1" }, "amount": 12 }\n';
export const SAMPLE_TWO =
  '{ "id": "evt_2", "type": "paid", "user": { "id": "user_2" }, "amount": 5, "note": "x" }\n';

/** A connector without problems; `extra` is added at its end. */
export function connectorFile(id: string, extra = ''): string {
  return `apiVersion: sluice/v1
id: ${id}
actionFlow: BkX2pQ
samples: [one.json, two.json]
mapping:
  targetUserIds: $.user.id
  variables: { amount: $.amount, note: { path: $.note, default: none } }
${extra}`;
}

/** Files of connectors without problems. */
export function connectorFiles(...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    ids.flatMap((id) => [
      [`${id}/connector.yaml`, connectorFile(id)],
      [`${id}/one.json`, SAMPLE_ONE],
      [`${id}/two.json`, SAMPLE_TWO],
    ]),
  );
}
