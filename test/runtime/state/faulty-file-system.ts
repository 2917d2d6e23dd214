import { tmpdir } from 'node:os';
import { type FileSystem, nodeFileSystem } from '../../../src/runtime/state/files/file-system.ts';

export type FileCall = keyof FileSystem | 'write' | 'sync' | 'close';

export interface FaultyFileSystem extends FileSystem {
  /** Every call so far: its name and the path it was for. */
  readonly calls: { readonly call: FileCall; readonly path: string }[];
  /** Code of the error that a call fails with, or null; asked before each call. */
  fault: (call: FileCall, path: string, number: number) => string | null;
  /** No call is under way. */
  isIdle(): boolean;
}

/** A file system, the real one by default, of which any call can be made to fail before it does anything. */
export function makeFaultyFileSystem(real: FileSystem = nodeFileSystem(tmpdir())): FaultyFileSystem {
  const calls: FaultyFileSystem['calls'] = [];
  let underWay = 0;
  const counted = <T>(run: () => Promise<T>): Promise<T> => {
    underWay += 1;
    return run().finally(() => {
      underWay -= 1;
    });
  };
  const guard = <T>(call: FileCall, path: string, run: () => Promise<T>): Promise<T> => {
    calls.push({ call, path });
    const code = faulty.fault(call, path, calls.length);
    if (code !== null) return Promise.reject(Object.assign(new Error(`${code}: injected`), { code }));
    return counted(run);
  };
  const faulty: FaultyFileSystem = {
    calls,
    fault: () => null,
    isIdle: () => underWay === 0,
    create: (path) =>
      guard('create', path, async () => {
        const file = await real.create(path);
        return {
          // A disk that fills up has taken half of it.
          write: (bytes) =>
            guard('write', path, () => file.write(bytes)).catch(async (error: unknown) => {
              await file.write(bytes.subarray(0, bytes.length / 2));
              throw error;
            }),
          sync: () => guard('sync', path, () => file.sync()),
          // Closed even where closing fails, as POSIX leaves it.
          async close() {
            await counted(() => file.close());
            await guard('close', path, async () => {});
          },
        };
      }),
    read: (path, maxBytes) => guard('read', path, () => real.read(path, maxBytes)),
    rename: (from, to) => guard('rename', from, () => real.rename(from, to)),
    unlink: (path) => guard('unlink', path, () => real.unlink(path)),
    makeFolder: (path) => guard('makeFolder', path, () => real.makeFolder(path)),
    listFolder: (path) => guard('listFolder', path, () => real.listFolder(path)),
    syncFolder: (path) => guard('syncFolder', path, () => real.syncFolder(path)),
    stat: (path) => guard('stat', path, () => real.stat(path)),
    touch: (path, modifiedMs) => guard('touch', path, () => real.touch(path, modifiedMs)),
  };
  return faulty;
}
