/**
 * In: a folder with a folder for each source, in it one for each event, in it JSON files. Out: genuine bodies in groups of
 * one event. A file is a body, or `{ headers, body }` as samples are; bodies that are equal count once.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../../src/stages/json/json-value.ts';
import { readSample } from '../../../src/stages/sample.ts';
import type { Group } from './corpus.ts';

export interface SourceGroup extends Group {
  readonly source: string;
}

/** Every event with two or more different payloads, in the order of their names, `<source>/<event>`. */
export function loadCorpus(folder: string): readonly SourceGroup[] {
  return foldersOf(folder)
    .flatMap((source) => foldersOf(join(folder, source)).map((event) => readGroup(folder, source, event)))
    .filter(({ payloads }) => payloads.length > 1);
}

/** 0 or 1: which half of the sources one is in, by a digest of its name, so that nobody chooses. */
export function halfOf(source: string): number {
  return (createHash('sha256').update(source).digest()[0] as number) & 1;
}

function readGroup(folder: string, source: string, event: string): SourceGroup {
  const own = join(folder, source, event);
  const files = readdirSync(own).filter((name) => name.endsWith('.json'));
  const bodies = files.sort().map((name) => readBody(join(own, name)));
  const payloads = new Map(bodies.filter(isJsonObject).map((body) => [JSON.stringify(body), body]));
  return { source, name: `${source}/${event}`, payloads: [...payloads.values()] as JsonObject[] };
}

function readBody(file: string) {
  return readSample(file, JSON.parse(readFileSync(file, 'utf8'))).body;
}

function foldersOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
