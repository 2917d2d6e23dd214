/**
 * Rule: a mapped field that the provider says may be missing or null has a default. Its samples may all have it; the request
 * that lacks it is held. What providers say is read only where a connector names a preset that has a table.
 */
import { quote } from '../../diagnostics/printable.ts';
import {
  eventsOf,
  type MayBeMissing,
  type MissingTable,
  mayBeMissing,
} from '../../providers/missing-table.ts';
import { readMissingTable } from '../../providers/read-provider.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';
import { decidesRecipients } from '../recipients.ts';
import { defaultRemedy } from './default-remedy.ts';

export function checkProviderMissing(draft: ConnectorDraft): void {
  const { samples, reads = [], hasAllSamples, shape } = draft.parts;
  const preset = PRESETS.get(String(draft.valueAt('/security/signature/preset') ?? ''));
  if (preset === undefined || !hasAllSamples || reads.length === 0) return;
  const table = readMissingTable(preset.name);
  if (table === null) return;
  const events = [...new Set(samples.flatMap((sample) => eventsOfSample(table, sample)))];
  const split = splitOf(draft);
  for (const read of reads) {
    if (read.optional || read.whenMissing !== undefined || read.chosen !== undefined) continue;
    // What some sample lacks is known to be optional.
    const known = shape?.reads.find(({ paths }) => String(paths) === String(read.paths));
    if (known?.inEverySample === false) continue;
    const found = events.flatMap((event) => {
      // The first alternative that is there is taken: one that is always there is enough.
      const said = read.paths.map((path) => mayBeMissing(table, event, bodyPath(read, path, split)));
      return said.every((one) => one !== null) && said[0] !== undefined ? [{ event, said: said[0] }] : [];
    });
    const [first] = found;
    if (first !== undefined) report(draft, read, first, preset.title);
  }
}

function eventsOfSample(table: MissingTable, { body, headers }: DraftSample): readonly string[] {
  return eventsOf(table, { body, header: (name) => headers.all(name) });
}

function splitOf({ parts: { split } }: ConnectorDraft): string {
  return typeof split === 'string' ? split : (split?.list ?? '$');
}

/** As seen from the body. */
function bodyPath({ root }: DraftRead, path: string, split: string): string {
  return root ? path : `${split}${path.slice(1)}`;
}

interface Found {
  readonly event: string;
  readonly said: MayBeMissing;
}

function report(draft: ConnectorDraft, read: DraftRead, { event, said }: Found, title: string): void {
  const path = quote(read.paths[0] as string);
  const fact = `${path} may be missing: ${title} says that ${quote(said.path)} may be ${said.how} in ${event}`;
  const { pointer, within } = read;
  const remedy = defaultRemedy(draft, read);
  draft.report({
    code: 'path-may-be-missing',
    pointer,
    message: `${fact}; ${adviceOn(draft, read)}`,
    ...(within && { within }),
    ...(remedy && { remedy }),
  });
}

function adviceOn({ parts: { mapping } }: ConnectorDraft, { recipient, pointer }: DraftRead): string {
  if (recipient) return 'where an event without it has nobody to tell, write `whenMissing: ignore` beside it';
  if (mapping?.kind === 'script') return 'let the script do without it, and list it under `shape.optional`';
  return decidesRecipients(pointer) ? 'give it a default' : 'give it a default, such as ""';
}
