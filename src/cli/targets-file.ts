/** What `--targets` names, for the runtime and for `check` and `build`. In: its text. Out: targets with their places, or names. */
import { resolve } from 'node:path';
import { namesOfTargets, readTargetsFile } from '../compiler/targets-file.ts';
import type { TargetsFile } from '../runtime/config/config.ts';
import { TARGET_NAME } from '../runtime/config/named-targets.ts';
import type { Context } from './context.ts';

/** For `readConfig`. */
export function targetsReader({ cwd }: Context): (path: string) => TargetsFile {
  return (path) => {
    const read = readTargetsFile(resolve(cwd, path), path);
    if (!read.ok) return read;
    const { document } = read;
    const placeOf = (pointer: string, part?: 'key' | 'value'): string => {
      const { file, line, column } = document.spanOf(pointer, part);
      return `${file}:${line}:${column}`;
    };
    return { ok: true, value: document.value, placeOf };
  };
}

export type TargetNames =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Names with commas between, or the targets file of the deployment. */
export function readTargetNames({ cwd }: Context, text: string): TargetNames {
  if (/[./\\]/.test(text)) {
    const read = readTargetsFile(resolve(cwd, text), text);
    return read.ok ? { ok: true, names: namesOfTargets(read.document) } : read;
  }
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !TARGET_NAME.test(name));
  if (wrong === undefined) return { ok: true, names };
  return {
    ok: false,
    problems: [
      `--targets "${text}": "${wrong}" is no name of a target; give names with commas between, or a file such as targets.yaml`,
    ],
  };
}
