// In: a folder of connectors, and "json" or "yaml". Out, as a line of JSON: the milliseconds in which the yaml package
// alone reads and parses the connector and case files, and JSON.parse or it the samples.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { startMeasure } from './measure.ts';

const [folder = '', samples] = process.argv.slice(2);
const stop = startMeasure();
// In the heap at the end as while it goes on: parsed, compared with nothing, and dropped.
let values = 0;
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  const extension = extname(name);
  if (extension !== '.yaml' && extension !== '.json') continue;
  const text = readFileSync(join(folder, name), 'utf8');
  const value: unknown = extension === '.yaml' || samples === 'yaml' ? parse(text) : JSON.parse(text);
  if (value !== null) values += 1;
}
stop({ values });
