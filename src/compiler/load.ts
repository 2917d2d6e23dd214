/** Finds the connectors of a folder. Out: where each one is, and what in the folder is none as diagnostics. */
import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/printable.ts';
import { SourceFile } from '../diagnostics/source.ts';
import { describeError, type FileFailure, readOwnFile } from './read-file.ts';

export interface ConnectorLocation {
  /** What the folder or the flat file is called. */
  readonly name: string;
  /** Absolute path of the connector's own folder, inside which references stay. A flat file's is named like it, and may not exist. */
  readonly folder: string;
  /** Absolute path of the folder that holds the connector file, and the file's name there. */
  readonly home: string;
  readonly fileName: string;
  /** The connector file's path for people. */
  readonly display: string;
}

const CONNECTOR_FILE = 'connector.yaml';
/** Bytes, as of a connector file. */
const MAX_LOOKED_AT = 256 * 1024;

/** Looks one level deep; entries in alphabetical order. `folder` and `cwd` are absolute. */
export function findConnectors(
  folder: string,
  cwd: string,
): { readonly locations: readonly ConnectorLocation[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (code: Diagnostic['code'], path: string, message: string): void => {
    diagnostics.push(diagnose(code, message, new SourceFile(displayPath(path, cwd), '').span(0, 0)));
  };
  const problem = checkRoot(folder, cwd);
  if (problem !== null) {
    report(problem.code, folder, problem.message);
    return { locations: [], diagnostics };
  }
  if (isOneConnector(folder)) {
    const above = displayPath(dirname(folder), cwd);
    const fact = `${quote(displayPath(folder, cwd))} is one connector; give the folder above it, ${quote(above)}`;
    report('folder-is-connector', folder, fact);
    return { locations: [], diagnostics };
  }
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const names = new Set(entries.map((entry) => entry.name));
  const locations: ConnectorLocation[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const flatName = /^(.+)\.yaml$/s.exec(entry.name)?.[1];
    if (entry.isSymbolicLink()) {
      report(
        'reference-symlink',
        path,
        `${quote(entry.name)} is a symbolic link; put the connector itself there`,
      );
    } else if (entry.isDirectory() && mayExist(join(path, '.git'))) {
      report(
        'entry-refused',
        path,
        `${quote(entry.name)} is a repository of its own (a submodule); put the connector itself there`,
      );
    } else if (entry.isDirectory() && flatName === undefined) {
      const hasFile = mayExist(join(path, CONNECTOR_FILE));
      const misnamed = hasFile ? undefined : findMisnamed(path);
      if (hasFile) {
        const display = displayPath(join(path, CONNECTOR_FILE), cwd);
        locations.push({ name: entry.name, folder: path, home: path, fileName: CONNECTOR_FILE, display });
      } else if (misnamed !== undefined) {
        report(
          'connector-misnamed',
          join(path, misnamed),
          `${quote(`${entry.name}/${misnamed}`)} is not read; rename ${misnamed} to ${CONNECTOR_FILE}`,
        );
      } else if (!names.has(`${entry.name}.yaml`)) {
        report(
          'connector-ignored',
          path,
          `the folder ${quote(entry.name)} has no ${CONNECTOR_FILE} and is ignored`,
        );
      }
    } else if (flatName !== undefined) {
      const display = displayPath(path, cwd);
      locations.push({
        name: flatName,
        folder: join(folder, flatName),
        home: folder,
        fileName: entry.name,
        display,
      });
    } else if (entry.name.endsWith('.yml') && isConnector(folder, entry.name)) {
      const wanted = entry.name.replace(/ml$/, 'aml');
      report(
        'connector-misnamed',
        path,
        `${quote(entry.name)} is a connector, and is not read; rename it to ${quote(wanted)}`,
      );
    } else if (entry.name.endsWith('.yml')) {
      report('connector-ignored', path, `${quote(entry.name)} is ignored: connector files end in .yaml`);
    }
  }
  if (locations.length === 0) {
    report(
      'folder-empty',
      folder,
      `there is no connector in ${quote(displayPath(folder, cwd))}; add <id>/${CONNECTOR_FILE}`,
    );
  }
  return { locations, diagnostics };
}

/** A connector's own folder given as the folder of connectors. A flat connector may have the id `connector`. */
function isOneConnector(folder: string): boolean {
  if (!isConnector(folder, CONNECTOR_FILE)) return false;
  const content = readOwnFile(folder, CONNECTOR_FILE, MAX_LOOKED_AT);
  if (content.ok && /^id:[ \t]*["']?connector\b/m.test(content.text)) return false;
  const entries = readdirSync(folder, { withFileTypes: true });
  return !entries.some((entry) => entry.isDirectory() && mayExist(join(folder, entry.name, CONNECTOR_FILE)));
}

/** Whether a file says that it is one, as far as it can be read. */
function isConnector(folder: string, name: string): boolean {
  const content = readOwnFile(folder, name, MAX_LOOKED_AT);
  return content.ok && /^["']?apiVersion["']?[ \t]*:/m.test(content.text);
}

/** The connector file of a folder under a name that is not read; undefined where there is none. */
function findMisnamed(folder: string): string | undefined {
  try {
    return readdirSync(folder).find((name) => /^connector\.ya?ml$/i.test(name));
  } catch {
    return undefined;
  }
}

/** False only when it is certain: what cannot be looked at is reported when it is read. */
function mayExist(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The folder must be a real one: below `cwd` every part of its path, else the folder itself. */
function checkRoot(folder: string, cwd: string): Pick<FileFailure, 'code' | 'message'> | null {
  const display = displayPath(folder, cwd);
  const inside = display.startsWith('..') ? [] : display.split('/').slice(0, -1);
  const parts = [...inside.map((_, index) => join(cwd, ...inside.slice(0, index + 1))), folder];
  try {
    for (const part of parts) {
      const status = lstatSync(part, { throwIfNoEntry: false });
      if (status === undefined) {
        return { code: 'folder-empty', message: `the folder ${quote(display)} does not exist` };
      }
      if (status.isSymbolicLink()) {
        const message = `${quote(displayPath(part, cwd))} is a symbolic link; give the folder itself`;
        return { code: 'reference-symlink', message };
      }
      if (!status.isDirectory()) {
        return {
          code: 'folder-empty',
          message: `${quote(displayPath(part, cwd))} is a file, not a folder of connectors`,
        };
      }
    }
    readdirSync(folder);
    return null;
  } catch (error) {
    return {
      code: 'file-unreadable',
      message: `the folder ${quote(display)} cannot be read: ${describeError(error)}`,
    };
  }
}

function displayPath(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}
