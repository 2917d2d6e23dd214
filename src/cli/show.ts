/** Small pieces of text that several commands print. */
import type { Difference } from '../stages/shape/difference.ts';

export function differenceLines(differences: readonly Difference[]): string[] {
  return differences.map(({ path, expected, found }) => {
    // Keys can be values, so that those which no sample has stay masked.
    const what = path.includes('[?]') ? ' (a key that no sample has)' : '';
    const seen = what === '' ? found : found.replace(' (not in the samples)', '');
    return `  ${path}${what}: expected ${expected}, found ${seen}`;
  });
}

/** Such as `1 connector`, `2 connectors`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Text from outside (a payload, a file name) as it may stand on a terminal: no control characters. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}
