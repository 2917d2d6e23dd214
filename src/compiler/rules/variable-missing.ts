/**
 * Rule: what one sample's card says, every sample's card says. In: what each sample became. Reports variables that some of
 * the cards lack, as a sample without the field makes it one that may be missing, so that no request without it is held.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';
import { defaultRemedy } from './default-remedy.ts';
import { nameSamples, noteSamples } from './sample-names.ts';

/** A trigger as far as its variables go, and the sample that became it. */
export interface SampleCard {
  readonly sample: DraftSample;
  readonly variables: Readonly<Record<string, JsonValue>>;
}

export function checkVariables(draft: ConnectorDraft, cards: readonly SampleCard[]): void {
  const { mapping, reads = [] } = draft.parts;
  if (mapping?.kind !== 'structured') return;
  const isIn = (name: string, { variables }: SampleCard): boolean => (variables[name] ?? null) !== null;
  for (const name of Object.keys(mapping.variables ?? {})) {
    const lacking = cards.filter((card) => !isIn(name, card));
    // What no sample has was reported as such.
    if (lacking.length === 0 || lacking.length === cards.length) continue;
    const pointer = pointerTo('/mapping/variables', name);
    const own = reads.filter((read) => read.pointer === pointer || read.pointer.startsWith(`${pointer}/`));
    if (!own.some((read) => isDecided(draft, read))) report(draft, name, pointer, own, lacking);
  }
}

/** The file says itself that it may be missing. */
function isDecided(draft: ConnectorDraft, { paths }: DraftRead): boolean {
  const optional = (draft.valueAt('/shape/optional') ?? []) as readonly string[];
  return paths.some((path) => optional.some((one) => path === one || path.startsWith(`${one}.`)));
}

function report(
  draft: ConnectorDraft,
  name: string,
  pointer: string,
  reads: readonly DraftRead[],
  lacking: readonly SampleCard[],
): void {
  const samples = [...new Set(lacking.map(({ sample }) => sample))];
  const [read] = reads;
  const remedy = read === undefined ? null : defaultRemedy(draft, read);
  const message = `the card of ${nameSamples(samples)} has no ${quote(name)}, which the others have; give it a default, such as ""`;
  draft.report(
    { code: 'variable-missing', pointer, message, ...(remedy && { remedy }) },
    noteSamples(samples),
  );
}
