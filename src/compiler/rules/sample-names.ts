/** How messages call the samples that a problem is about, and where they are. */
import type { Note } from '../../diagnostics/diagnostic.ts';
import { quote, quoteList } from '../../diagnostics/printable.ts';
import type { DraftSample } from '../draft.ts';

type Named = Pick<DraftSample, 'name' | 'spanOf'>;

/** Samples that are named; of more there is only the number. */
const MAX_NAMED = 3;

/** `the sample "a"`, `the samples "a" and "b"`, `the sample "a" and 7 others`. */
export function nameSamples(samples: readonly Named[]): string {
  const names = samples.map(({ name }) => name);
  if (names.length > MAX_NAMED) return `the sample ${quote(names[0])} and ${names.length - 1} others`;
  return `the sample${names.length === 1 ? '' : 's'} ${quoteList(names, 'and')}`;
}

/** Notes that point at the samples. */
export function noteSamples(samples: readonly Named[]): readonly Note[] {
  return samples.slice(0, MAX_NAMED).map((sample) => ({ message: 'the sample', span: sample.spanOf('') }));
}
