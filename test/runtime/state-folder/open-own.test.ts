// What happens to entries that become links while a runtime has the folder: a checkout can replace ignored files.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileSystem, nodeFileSystem } from '../../../src/runtime/state/files/file-system.ts';

let root: string;
let folder: string;
let disk: FileSystem;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-own-')));
  folder = join(root, 'state');
  mkdirSync(join(root, 'outside/orders'), { recursive: true });
  writeFileSync(join(root, 'outside/orders/file'), 'theirs');
  mkdirSync(folder);
  symlinkSync('../outside', join(folder, 'held'));
  symlinkSync('../outside/orders/file', join(folder, 'file'));
  disk = nodeFileSystem(folder);
});
afterEach(() => rmSync(root, { recursive: true }));

test.each([
  ['create', () => disk.create(join(folder, 'held/orders/new'))],
  ['read', () => disk.read(join(folder, 'held/orders/file'), 100)],
  ['rename', () => disk.rename(join(folder, 'a'), join(folder, 'held/orders/file'))],
  ['unlink', () => disk.unlink(join(folder, 'held/orders/file'))],
  ['makeFolder', () => disk.makeFolder(join(folder, 'held/invoices'))],
  ['listFolder', () => disk.listFolder(join(folder, 'held'))],
  ['listFolder, below it', () => disk.listFolder(join(folder, 'held/orders'))],
  ['stat', () => disk.stat(join(folder, 'held/orders/file'))],
  ['touch', () => disk.touch(join(folder, 'held/orders/file'), 1)],
] as const)('%s does not go through a folder that is a link', async (_, call) => {
  writeFileSync(join(folder, 'a'), 'ours');
  await expect(call()).rejects.toThrow(`"${join(folder, 'held')}" is a symbolic link`);
  expect(readFileSync(join(root, 'outside/orders/file'), 'utf8')).toBe('theirs');
  expect(readdirSync(join(root, 'outside'))).toEqual(['orders']);
  expect(readdirSync(join(root, 'outside/orders'))).toEqual(['file']);
});

test.each([
  ['read', () => disk.read(join(folder, 'file'), 100)],
  ['stat', () => disk.stat(join(folder, 'file'))],
] as const)('%s does not follow a file that is a link', async (_, call) => {
  await expect(call()).rejects.toThrow('is a symbolic link');
});
