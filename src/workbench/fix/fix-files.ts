/**
 * `sluice check --fix`: fixes the files of a connectors folder. In: what the compiler reported. Out: files replaced whole,
 * and a line for people about each change. Touches regular files of connectors only, and none that changed since it was checked.
 */
import { join, resolve } from 'node:path';
import type { Compilation } from '../../compiler/compile.ts';
import { checkReplaced } from '../../compiler/compile-connector.ts';
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import { type FixedConnector, fixConnector } from '../../compiler/fix/fix-connector.ts';
import { type ConnectorLocation, findConnectors } from '../../compiler/load.ts';
import { escapeControls } from '../../diagnostics/printable.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Workplace } from '../compile/compile-folder.ts';
import { writeWhole } from '../files/write-whole.ts';

export interface FixedFiles {
  readonly fixes: number;
  readonly files: number;
  /** What was fixed, what was not and why, in order. */
  readonly lines: readonly string[];
}

/** Fixes what is beyond doubt, and says what. */
export async function fixFiles(
  { cwd }: Pick<Workplace, 'cwd'>,
  folder: string,
  compilation: Compilation,
  scripts: ScriptRunner,
): Promise<FixedFiles> {
  const fixable = new Set(
    compilation.diagnostics.flatMap(({ fix, silenced }) =>
      fix === undefined || silenced !== undefined ? [] : fix.edits.map(({ span }) => span.file),
    ),
  );
  const { locations } = findConnectors(resolve(cwd, folder), cwd);
  const lines: string[] = [];
  let fixes = 0;
  const changed = new Set<string>();
  for (const location of fixable.size === 0 ? [] : locations) {
    const files = listFiles(location);
    if (!files.some(({ display }) => fixable.has(display))) continue;
    const texts = new Map(files.map(({ display, text }) => [display, text]));
    const reported = await checkReplaced(location, new Map(), scripts);
    const fixed = await fixConnector(location, reported, texts, scripts);
    const problem = writeTexts(location, files, fixed);
    if (problem !== null) {
      lines.push(problem);
      continue;
    }
    fixes += fixed.applied.length;
    for (const { diagnostic } of fixed.applied) changed.add(diagnostic.span.file);
    lines.push(...describeFixes(fixed));
  }
  return { fixes, files: changed.size, lines };
}

/** The last line of it: `errors` are those that remain. */
export function summariseFixes({ fixes, files }: FixedFiles, errors: number): string {
  const done = `${fixes} problem${fixes === 1 ? '' : 's'} fixed in ${files} file${files === 1 ? '' : 's'}`;
  const rest = errors === 1 ? '1 error needs you' : `${errors} errors need you`;
  if (errors === 0) return fixes === 0 ? 'nothing to fix' : done;
  return fixes === 0 ? rest : `${done}; ${rest}`;
}

function describeFixes({ applied, declined }: FixedConnector): readonly string[] {
  const place = ({ diagnostic: { span, code }, fix }: FixedConnector['applied'][number]): string =>
    `${span.file}:${span.line}:${span.column}: ${fix.title} [${code}]`;
  return [
    ...applied.map((one) => escapeControls(`fixed ${place(one)}`)),
    ...declined.map((one) => {
      const { message, code } = one.instead;
      return escapeControls(`not fixed ${place(one)}; it would lead to: ${message} [${code}]`);
    }),
  ];
}

interface OwnFile {
  readonly kind: 'connector' | 'case';
  readonly path: string;
  readonly display: string;
  readonly text: string;
}

/** The YAML files of a connector, as far as they can be read. */
function listFiles(location: ConnectorLocation): readonly OwnFile[] {
  const files = new ConnectorFiles(location);
  const paths = [
    ['connector', location.fileName] as const,
    ...files.listCases().paths.map((path) => ['case', path] as const),
  ];
  return paths.flatMap(([kind, path]) => {
    const content = files.read(kind, path);
    return content.ok ? [{ kind, path, display: files.display(kind, path), text: content.text }] : [];
  });
}

/** null: all are written. Reads each file again, past links and whatever else is no plain file, before it is replaced. */
function writeTexts(
  location: ConnectorLocation,
  files: readonly OwnFile[],
  { texts }: FixedConnector,
): string | null {
  const now = new ConnectorFiles(location);
  for (const { kind, path, display, text } of files) {
    const newText = texts.get(display);
    if (newText === undefined || newText === text) continue;
    const content = now.read(kind, path);
    if (!content.ok || content.text !== text) return `${display} changed while it was fixed; try again`;
    const mark = content.bytes.subarray(0, content.bytes.length - Buffer.byteLength(text));
    const folder = kind === 'connector' ? location.home : location.folder;
    const problem = replace(join(folder, path), Buffer.concat([mark, Buffer.from(newText)]));
    if (problem !== null) return `${display} cannot be written (${problem})`;
  }
  return null;
}

function replace(file: string, bytes: Buffer): string | null {
  try {
    writeWhole(file, bytes);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
