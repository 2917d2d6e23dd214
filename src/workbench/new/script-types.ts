/** The declarations beside a connector's script: where they are, what they should say and what they say. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { declareTypes, typesFileOf } from '../../compiler/declare-types.ts';
import { replaceFile } from '../files/replace-file.ts';

export interface ScriptTypes {
  readonly path: string;
  /** The path as messages call it. */
  readonly name: string;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** Path of the script that a connector names, inside its folder; null for one without. */
export function scriptOf({ spec }: CompiledConnector): string | null {
  return spec !== null && typeof spec.mapping === 'object' && 'script' in spec.mapping
    ? spec.mapping.script
    : null;
}

/** `script` is a path inside the connector's folder. */
export async function readScriptTypes(connector: CompiledConnector, script: string): Promise<ScriptTypes> {
  const file = typesFileOf(script);
  const path = join(connector.folder, file);
  const text = declareTypes(connector);
  const present = await readFile(path, 'utf8').catch(() => null);
  return { path, name: nameInFolder(connector, file), text, isCurrent: present === text };
}

/** Gives why they cannot be written, or null. */
export function writeScriptTypes({ path, name, text }: ScriptTypes): Promise<string | null> {
  return replaceFile(path, Buffer.from(text), name);
}

/** A file of a connector as messages call it. */
export function nameInFolder(connector: CompiledConnector, file: string): string {
  const isFlat = !connector.file.endsWith('/connector.yaml');
  const folder = isFlat
    ? connector.file.replace(/\.yaml$/, '')
    : connector.file.replace(/\/connector\.yaml$/, '');
  return `${folder}/${file}`;
}
