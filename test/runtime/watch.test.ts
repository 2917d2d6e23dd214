import { mkdir, mkdtemp, open, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Watcher, watchFile, watchTree } from '../../src/runtime/bundles/watch.ts';

let folder: string;
let watcher: Watcher | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-watch-'));
});

afterEach(async () => {
  await watcher?.close();
  watcher = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Texts and problems in the order in which they were reported, to be awaited one by one. */
class Reports {
  readonly all: string[] = [];
  #waiting: (() => void) | null = null;
  #read = 0;

  add(report: string): void {
    this.all.push(report);
    this.#waiting?.();
  }

  async next(): Promise<string> {
    while (this.all.length <= this.#read) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return this.all[this.#read++] as string;
  }
}

/** A day: never in a test. */
const NEVER = 86_400_000;

async function watching(
  path: string,
  by: { pollMs?: number; rereadMs?: number } = { pollMs: 10 },
): Promise<Reports> {
  const reports = new Reports();
  watcher = await watchFile(path, {
    onChange: (bytes) => reports.add(bytes.toString()),
    onProblem: (problem) => reports.add(`problem: ${problem}`),
    maxBytes: 1000,
    pollMs: NEVER,
    rereadMs: NEVER,
    settleMs: 10,
    ...by,
  });
  return reports;
}

/** Another writer's way: a file beside it, renamed over it. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('a watched file', () => {
  test('is reported at once, and again when it is renamed over', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path);
    expect(await reports.next()).toBe('one');
    for (const text of ['two', 'three', 'four']) {
      await replace(path, text);
      expect(await reports.next()).toBe(text);
    }
  });

  test('is seen by events alone when it is renamed over', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path, {});
    expect(await reports.next()).toBe('one');
    await replace(path, 'two');
    expect(await reports.next()).toBe('two');
    await replace(path, 'three');
    expect(await reports.next()).toBe('three');
  });

  test('may be written to in place', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path);
    await writeFile(path, 'two');
    expect([await reports.next(), await reports.next()]).toEqual(['one', 'two']);
  });

  test('is not reported again when only its time or its place has changed', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path);
    await replace(path, 'one');
    await replace(path, 'one');
    await replace(path, 'two');
    expect([await reports.next(), await reports.next()]).toEqual(['one', 'two']);
    expect(reports.all).toEqual(['one', 'two']);
  });

  test('is read again from time to time even though nothing seems to change', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path, { rereadMs: 10 });
    await replace(path, 'two');
    expect([await reports.next(), await reports.next()]).toEqual(['one', 'two']);
  });

  test('may come through the swap of a mounted ConfigMap', async () => {
    // The kubelet writes a new folder, then renames a link over "..data"; bundle.json links to ..data/bundle.json.
    const mount = async (revision: string) => {
      await mkdir(join(folder, `..${revision}`));
      await writeFile(join(folder, `..${revision}`, 'bundle.json'), revision);
      await symlink(`..${revision}`, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await mount('one');
    await symlink('..data/bundle.json', join(folder, 'bundle.json'));
    const reports = await watching(join(folder, 'bundle.json'));
    expect(await reports.next()).toBe('one');
    for (const revision of ['two', 'three']) {
      await mount(revision);
      expect(await reports.next()).toBe(revision);
    }
    await rm(join(folder, '..one'), { recursive: true });
  });

  test('may come through a symlink that flips while its old target stays', async () => {
    // git-sync: <root>/current -> worktrees/<commit>; the file is below the link.
    const flip = async (commit: string) => {
      await mkdir(join(folder, 'worktrees', commit), { recursive: true });
      await writeFile(join(folder, 'worktrees', commit, 'bundle.json'), commit);
      await symlink(join('worktrees', commit), join(folder, 'link'));
      await rename(join(folder, 'link'), join(folder, 'current'));
    };
    await flip('one');
    const reports = await watching(join(folder, 'current', 'bundle.json'));
    expect(await reports.next()).toBe('one');
    for (const commit of ['two', 'three', 'four']) {
      await flip(commit);
      expect(await reports.next()).toBe(commit);
    }
  });

  test('may be a link into a folder that nobody watches, where another link flips', async () => {
    const flip = async (commit: string) => {
      await mkdir(join(folder, 'elsewhere', commit), { recursive: true });
      await writeFile(join(folder, 'elsewhere', commit, 'bundle.json'), commit);
      await symlink(commit, join(folder, 'elsewhere', 'link'));
      await rename(join(folder, 'elsewhere', 'link'), join(folder, 'elsewhere', 'current'));
    };
    await flip('one');
    await mkdir(join(folder, 'mounted'));
    await symlink('../elsewhere/current/bundle.json', join(folder, 'mounted', 'bundle.json'));
    const reports = await watching(join(folder, 'mounted', 'bundle.json'));
    expect(await reports.next()).toBe('one');
    for (const commit of ['two', 'three']) {
      await flip(commit);
      expect(await reports.next()).toBe(commit);
    }
  });

  test('may go and come back, with the same content even', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path);
    await unlink(path);
    expect([await reports.next(), await reports.next()]).toEqual(['one', 'problem: missing']);
    await writeFile(path, 'one');
    expect(await reports.next()).toBe('one');
  });

  test('may be missing at first, and its folder with it', async () => {
    const reports = await watching(join(folder, 'later', 'bundle.json'));
    expect(await reports.next()).toBe('problem: missing');
    await mkdir(join(folder, 'later'));
    await writeFile(join(folder, 'later', 'bundle.json'), 'one');
    expect(await reports.next()).toBe('one');
  });

  test('is not taken while it is being written', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path, { pollMs: 2 });
    expect(await reports.next()).toBe('one');
    const file = await open(path, 'w');
    // Faster than a file has to stand still.
    for (const letter of 'a slow writer') await file.write(letter);
    await file.close();
    expect(await reports.next()).toBe('a slow writer');
  });

  test.each([
    ['a folder', 'not-a-file', (path: string) => mkdir(path)],
    ['too large', 'too-large', (path: string) => writeFile(path, 'x'.repeat(1001))],
  ])('that is %s is a problem, not a crash', async (_, problem, make) => {
    const path = join(folder, 'bundle.json');
    await make(path);
    const reports = await watching(path);
    expect(await reports.next()).toBe(`problem: ${problem}`);
  });

  test('is left alone after closing', async () => {
    const path = join(folder, 'bundle.json');
    await writeFile(path, 'one');
    const reports = await watching(path, { pollMs: 1, rereadMs: 1 });
    await watcher?.close();
    await replace(path, 'two');
    const second = new Reports();
    const other = await watchFile(path, {
      onChange: (bytes) => second.add(bytes.toString()),
      onProblem: () => {},
      maxBytes: 1000,
    });
    expect(await second.next()).toBe('two');
    await other.close();
    expect(reports.all).toEqual(['one']);
  });
});

describe('a watched tree', () => {
  test('reports changes at any depth, many at once as one', async () => {
    await mkdir(join(folder, 'one', 'samples'), { recursive: true });
    const reports = new Reports();
    watcher = await watchTree(folder, () => reports.add('changed'), { quietMs: 50 });
    await Promise.all([
      writeFile(join(folder, 'one', 'connector.yaml'), 'a'),
      writeFile(join(folder, 'one', 'samples', 'a.json'), '{}'),
    ]);
    await reports.next();
    await mkdir(join(folder, 'two'));
    await writeFile(join(folder, 'two', 'connector.yaml'), 'b');
    await reports.next();
    await unlink(join(folder, 'two', 'connector.yaml'));
    await reports.next();
  });

  test('leaves out node_modules and names that start with a dot', async () => {
    for (const name of ['node_modules', '.git', 'one']) await mkdir(join(folder, name));
    const reports = new Reports();
    watcher = await watchTree(folder, () => reports.add('changed'), { quietMs: 0 });
    for (const round of Array(5).keys()) {
      for (const name of ['node_modules/a', '.git/a', '.one.swp', 'one/.a.yaml.swp']) {
        await writeFile(join(folder, name), String(round));
      }
      // One event each, unlike a file that is made and written to.
      await mkdir(join(folder, 'one', String(round)));
      await reports.next();
    }
    expect(reports.all).toHaveLength(5);
  });

  test('waits for one change to be dealt with before it tells of the next', async () => {
    const reports = new Reports();
    let release: () => void = () => {};
    let running = 0;
    watcher = await watchTree(
      folder,
      async () => {
        running += 1;
        reports.add(`${running} at a time`);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        running -= 1;
      },
      { quietMs: 5 },
    );
    await writeFile(join(folder, 'a'), '1');
    await reports.next();
    await writeFile(join(folder, 'a'), '2');
    await writeFile(join(folder, 'b'), '2');
    release();
    expect(await reports.next()).toBe('1 at a time');
    release();
  });
});
