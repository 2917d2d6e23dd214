/**
 * The connector that is open: its files as they are on the disk, the texts that are not saved, and what the server makes
 * of them. Changes of the form go out as edits, one request at a time, 150 ms after the last key press.
 */
import { batch, computed, signal } from '@preact/signals';
import type { DraftAnswer, PageEdit, PageFile, SaveAnswer } from '../api.ts';
import { call } from './call.ts';
import { refreshListing } from './listing.ts';

/** The connector whose files these are; null: none is open. */
export const openName = signal<string | null>(null);
export const files = signal<readonly PageFile[]>([]);
/** Texts that differ from the disk, by path. */
export const texts = signal<Readonly<Record<string, string>>>({});
export const answer = signal<DraftAnswer | null>(null);
export const problem = signal<string | null>(null);
export const isWorking = signal(false);
export const conflicts = signal<Extract<SaveAnswer, { saved: false }>['conflicts']>([]);
/** States to go back to, the latest last. */
const past = signal<readonly Readonly<Record<string, string>>[]>([]);
export const canUndo = computed(() => past.value.length > 0);
export const hasChanges = computed(() => (answer.value?.changes.length ?? 0) > 0);

const PATIENCE_MS = 150;
const MAX_PAST = 200;

let waiting: PageEdit[] = [];
let timer: number | undefined;
let running: Promise<void> | null = null;
let isWanted = false;

export async function openConnector(name: string): Promise<void> {
  if (openName.value === name) return;
  await flush();
  batch(() => {
    openName.value = name;
    files.value = [];
    texts.value = {};
    answer.value = null;
    problem.value = null;
    past.value = [];
    conflicts.value = [];
  });
  await readFiles();
  if (begun?.name === name) texts.value = begun.texts;
  begun = null;
  await ask();
}

/**
 * Reads what is on the disk; unsaved texts stay. A file that has one stays as it was when it was begun, so that saving it
 * finds out that somebody else has changed it meanwhile; `forget` takes the newer one all the same.
 */
async function readFiles(forget = false): Promise<void> {
  const name = openName.value;
  if (name === null) return;
  const called = await call('open', { name });
  if (openName.value !== name) return;
  if (!called.ok) {
    problem.value = called.detail;
    return;
  }
  const kept = forget ? [] : files.value.filter(({ path }) => texts.value[path] !== undefined);
  files.value = [...kept, ...called.value.files.filter(({ path }) => kept.every((one) => one.path !== path))];
}

/** Somebody has changed the folder: this page, or an editor beside it. */
export async function diskChanged(): Promise<void> {
  if (openName.value === null) return;
  await readFiles();
  await ask();
}

/** Several texts at once: what a call proposes. They are saved like all others. */
export function propose(proposed: Readonly<Record<string, string>>): void {
  remember();
  texts.value = { ...texts.value, ...proposed };
  void ask();
}

/** A connector that is not on the disk yet. */
export function begin(name: string, proposed: Readonly<Record<string, string>>): void {
  begun = { name, texts: proposed };
}
let begun: { readonly name: string; readonly texts: Readonly<Record<string, string>> } | null = null;

/** The path of the connector file. */
export function connectorPath(): string {
  return files.value.find(({ kind }) => kind === 'connector')?.path ?? 'connector.yaml';
}

/** A file as it is being written. */
export function textOf(path: string): string {
  return texts.value[path] ?? files.value.find((file) => file.path === path)?.text ?? '';
}

/** A change of the connector file by the form. One that follows at the same place replaces the one before. */
export function edit(...edits: readonly PageEdit[]): void {
  for (const one of edits) {
    const last = waiting.at(-1);
    if (last?.kind === 'set' && one.kind === 'set' && last.pointer === one.pointer) waiting.pop();
    waiting.push(one);
  }
  askSoon();
}

/** A change of a file's text. */
export function write(path: string, text: string): void {
  remember();
  texts.value = { ...texts.value, [path]: text };
  askSoon();
}

export function undo(): void {
  const before = past.value.at(-1);
  if (before === undefined) return;
  waiting = [];
  past.value = past.value.slice(0, -1);
  texts.value = before;
  void ask();
}

function remember(): void {
  past.value = [...past.value.slice(1 - MAX_PAST), texts.value];
}

function askSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), PATIENCE_MS);
}

/** Resolves when nothing waits any more. */
export async function flush(): Promise<void> {
  if (waiting.length > 0) await ask();
  else await running;
}

/** One request at a time: the next one takes what has come meanwhile. Resolves when nothing waits any more. */
export function ask(): Promise<void> {
  clearTimeout(timer);
  isWanted = true;
  running ??= askWhileWanted().finally(() => {
    running = null;
  });
  return running;
}

async function askWhileWanted(): Promise<void> {
  isWorking.value = true;
  while (isWanted || waiting.length > 0) {
    isWanted = false;
    await askOnce();
  }
  isWorking.value = false;
}

async function askOnce(): Promise<void> {
  const name = openName.value;
  if (name === null) return;
  const edits = waiting;
  waiting = [];
  const called = await call('draft', { name, texts: texts.value, edits });
  if (openName.value === name) take(called, edits.length > 0);
}

function take(called: Awaited<ReturnType<typeof call<'draft'>>>, wasEdited: boolean): void {
  batch(() => {
    if (!called.ok) {
      problem.value = called.detail;
      return;
    }
    problem.value = called.value.refused;
    answer.value = called.value;
    const path = connectorPath();
    if (!wasEdited || textOf(path) === called.value.text) return;
    remember();
    texts.value = { ...texts.value, [path]: called.value.text };
  });
}

/** Writes what has changed. False: somebody else has changed it too, or it could not be written. */
export async function save(): Promise<boolean> {
  await flush();
  const name = openName.value;
  if (name === null) return false;
  const changed = Object.entries(texts.value).filter(([path, text]) => text !== diskText(path));
  const writes = changed.map(([path, text]) => ({ path, text, seen: digestOf(path) }));
  const called = await call('save', { name, writes });
  if (!called.ok) {
    problem.value = called.detail;
    return false;
  }
  if (!called.value.saved) {
    conflicts.value = called.value.conflicts;
    return false;
  }
  const saved = called.value.files;
  batch(() => {
    files.value = saved;
    texts.value = {};
    past.value = [];
    conflicts.value = [];
    problem.value = null;
  });
  await Promise.all([ask(), refreshListing()]);
  return true;
}

/** Whose text counts where both have changed a file: theirs drops what was written here, ours is saved over it. */
export async function settle(whose: 'theirs' | 'ours'): Promise<void> {
  const paths = conflicts.value.map(({ path }) => path);
  conflicts.value = [];
  remember();
  if (whose === 'theirs') {
    texts.value = Object.fromEntries(Object.entries(texts.value).filter(([path]) => !paths.includes(path)));
  }
  await readFiles(true);
  if (whose === 'ours') await save();
  else await ask();
}

function diskText(path: string): string | undefined {
  return files.value.find((file) => file.path === path)?.text;
}

function digestOf(path: string): string | null {
  return files.value.find((file) => file.path === path)?.digest ?? null;
}
