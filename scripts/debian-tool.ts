// In: a command that no npm package has. Out: where it is: on the PATH, or taken from Debian's packages where that asks
// nobody: as root in CI. null elsewhere; whoever asked says what was not checked.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface DebianTool {
  readonly command: string;
  readonly package: string;
  /**
   * `install` what the command needs too, or only `extract` the command, where it needs nothing and its package would
   * bring (and start) a service.
   */
  readonly by: 'install' | 'extract';
  /** Where Debian puts it, if not on the PATH. */
  readonly folder?: string;
}

/** Debian keeps servers of several versions side by side. */
export const POSTGRES_FOLDER = '/usr/lib/postgresql/15/bin';

/** Kept between runs, and gone with the packages. */
const cache = join(import.meta.dirname, '../node_modules/.cache/sluice-tools');

export function findTool(tool: DebianTool): string | null {
  const found = findInstalled(tool);
  if (found !== null || process.env.CI !== 'true' || process.getuid?.() !== 0) return found;
  if (!existsSync('/usr/bin/apt-get')) return null;
  apt(['update', '-qq']);
  if (tool.by === 'install') apt(['install', '-y', '-qq', '--no-install-recommends', tool.package]);
  else extract(tool);
  return findInstalled(tool);
}

function findInstalled({ command, folder }: DebianTool): string | null {
  const folders = [
    ...(folder === undefined ? [] : [folder]),
    ...(process.env.PATH ?? '').split(delimiter),
    cache,
  ];
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function extract({ command, package: name }: DebianTool): void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-debian-'));
  try {
    apt(['download', '-qq', name], folder);
    mkdirSync(cache, { recursive: true });
    const unpack = `dpkg-deb --fsys-tarfile ${name}_*.deb | tar -x -C "$1" --strip-components=3 ./usr/bin/${command}`;
    execFileSync('bash', ['-euo', 'pipefail', '-c', unpack, 'bash', cache], {
      cwd: folder,
      stdio: [...QUIET],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What it says goes to standard error: standard output is for results. */
const QUIET = ['ignore', 2, 2] as const;

function apt(args: readonly string[], cwd = tmpdir()): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', [...args], { cwd, env, stdio: [...QUIET] });
}
