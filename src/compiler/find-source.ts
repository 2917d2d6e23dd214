/**
 * The texts that diagnostics point into, read again when a frame is drawn: most diagnostics of thousands of connectors
 * are counted, and not shown. In: records. Out: a file by its display path, as it was when it was compiled.
 */
import { SourceFile } from '../diagnostics/source.ts';
import { CASE_LIST, ConnectorFiles, type FileKind, splitKey } from './connector-files.ts';
import type { ConnectorRecord } from './record.ts';

export type SourceLookup = Pick<ReadonlyMap<string, SourceFile>, 'get'>;

interface Place {
  readonly record: ConnectorRecord;
  readonly key: string;
  readonly kind: FileKind;
  readonly path: string;
}

/** Diagnostics come in the order of their files: hardly any is asked for again later. */
const MAX_KEPT = 16;

export function createSourceLookup(records: readonly ConnectorRecord[]): SourceLookup {
  let places: ReadonlyMap<string, Place> | undefined;
  const kept = new Map<string, SourceFile | undefined>();
  return {
    get: (display) => {
      if (kept.has(display)) return kept.get(display);
      places ??= listPlaces(records);
      const place = places.get(display);
      const source = place === undefined ? undefined : readSource(display, place);
      if (kept.size === MAX_KEPT) kept.clear();
      kept.set(display, source);
      return source;
    },
  };
}

function listPlaces(records: readonly ConnectorRecord[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const record of records) {
    const files = new ConnectorFiles(record.facts.location);
    for (const key of Object.keys(record.facts.inputs)) {
      if (key === CASE_LIST) continue;
      const { kind, path } = splitKey(key);
      places.set(files.display(kind, path), { record, key, kind, path });
    }
  }
  return places;
}

/** Nothing of a file that is another by now: what is masked in it would stand elsewhere. */
function readSource(display: string, { record, key, kind, path }: Place): SourceFile | undefined {
  const content = new ConnectorFiles(record.facts.location).read(kind, path);
  const isSame = content.ok && content.digest === record.facts.inputs[key];
  return isSame ? new SourceFile(display, content.text) : undefined;
}
