/** What redaction left as it was, for people. */
import type { Kept } from '../../workbench/samples/redact/redact-request.ts';
import { printable } from '../show.ts';

const REASONS: Readonly<Record<Kept['by'], string>> = {
  when: '`when` compares it',
  testWhen: '`testWhen` compares it',
  script: 'the mapping script holds this text',
  word: 'it tells events apart',
  keep: '--keep',
  samples: 'every sample has this value',
};

export function describeKept(kept: readonly Kept[]): readonly string[] {
  return kept.map(({ path, by }) => `  kept ${printable(path)}: ${REASONS[by]}`);
}
