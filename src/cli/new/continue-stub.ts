/**
 * `new` in two steps: a stub that waits for its first request, and the rest of it once one was captured. In: the folder of
 * the connector, and the flags. Out: what `new` goes on with.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError } from '../../compiler/read-file.ts';
import { quote } from '../../diagnostics/printable.ts';
import { readOwnText, replaceOwnText } from '../../workbench/files/own-text.ts';
import { readStub, type Stub } from '../../workbench/new/stub.ts';
import type { NewFiles } from '../../workbench/new/try-files.ts';
import { callAdmin } from '../admin-client.ts';
import type { Context } from '../context.ts';
import type { NewOptions } from './options.ts';

const FILE = 'connector.yaml';

export interface Continued {
  readonly stub: Stub;
  /** Of the connector file, as it is. */
  readonly text: string;
  readonly options: NewOptions;
  /** The samples lie in its folder, their values replaced. */
  readonly areOwn: boolean;
}

/** null: there is no stub. `message`: there is one, and nothing to go on with. */
export async function continueStub(
  context: Context,
  id: string,
  home: string,
  given: NewOptions,
): Promise<Continued | { readonly message: string } | null> {
  const saved = readOwnText(home, FILE);
  const stub = saved.ok ? readStub(saved.text) : null;
  if (!saved.ok || stub === null || stub.id !== id) return null;
  const hasProof = [given.preset, given.signatureHeader, given.urlKey].some((one) => one !== undefined);
  const options = { actionFlow: stub.actionFlow, ...given, ...(hasProof ? {} : flagsOf(stub)) };
  const found = (changes: Partial<NewOptions>, areOwn: boolean): Continued => ({
    stub,
    text: saved.text,
    options: { ...options, ...changes },
    areOwn,
  });
  if (given.sample.length > 0 || given.capture !== undefined || given.event !== undefined)
    return found({}, false);
  const sample = samplesIn(home);
  const isKnown = hasProof || stub.proof !== null;
  if (sample.length > 0 && isKnown) return found({ sample }, true);
  // As it arrived it has the headers that tell who sent it.
  const captured = await callAdmin(context, given, 'GET /connectors/:id/capture', { id });
  if (captured.ok && captured.value.latest !== null) return found({ capture: id }, false);
  if (sample.length > 0) return found({ sample }, true);
  return {
    message: `${quote(id)} is a stub, and nothing was captured for it yet: run \`sluice capture ${id}\` while the sender calls, then this again`,
  };
}

function flagsOf({ proof }: Stub): Partial<NewOptions> {
  switch (proof?.kind) {
    case 'preset':
      return { preset: proof.name };
    case 'header':
      return { signatureHeader: proof.header };
    case 'url-key':
      return { urlKey: true };
    case undefined:
      return {};
  }
}

function samplesIn(home: string): readonly string[] {
  const folder = join(home, 'samples');
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  return names.sort().map((name) => join(folder, name));
}

/** Writes what is not there, and the connector file in place of the stub. Gives null, or what went wrong for people. */
export async function writeContinued(
  home: string,
  { text, areOwn }: Continued,
  files: NewFiles,
): Promise<string | null> {
  const added = [...files].filter(([path]) => path !== FILE && !(areOwn && path.startsWith('samples/')));
  try {
    for (const [path, content] of added) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), content, { flag: 'wx' });
    }
  } catch (error) {
    return `${home} cannot be written: ${describeError(error)}`;
  }
  return replaceOwnText(home, FILE, text, files.get(FILE) ?? text);
}
