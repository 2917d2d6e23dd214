/** Names and paths that the page uses, against those of the disk. */
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { type Folder, findConnector, placeOfNew } from '../../workbench/draft/locate.ts';

/** A connector that is there, or the place of one that may become one. */
export function locate(folder: Folder, name: string): ConnectorLocation | null {
  return findConnector(folder, name) ?? placeOfNew(folder, name);
}

export function displayOf(location: ConnectorLocation, path: string): string {
  return new ConnectorFiles(location).display(path === location.fileName ? 'connector' : 'sample', path);
}

/** Display path to the path inside the connector's folder; what is elsewhere stays as it is. */
export function pathsOf(location: ConnectorLocation): (display: string) => string {
  const inside = displayOf(location, 'x').slice(0, -1);
  return (display) => {
    if (display === location.display) return location.fileName;
    return display.startsWith(inside) ? display.slice(inside.length) : display;
  };
}
