/** The example of every code, or why there can be none. The order is that of the table of codes. */
import type { Code } from '../codes.ts';
import type { Example } from './example.ts';
import { FILE_EXAMPLES, TEXT_EXAMPLES } from './files.ts';
import { MAPPING_EXAMPLES, SAMPLE_EXAMPLES } from './samples.ts';
import { CASE_EXAMPLES, SCRIPT_EXAMPLES, SILENCE_EXAMPLES } from './scripts.ts';
import { ADDRESS_EXAMPLES, EVENT_EXAMPLES, SIGNATURE_EXAMPLES } from './security.ts';

export const EXAMPLES: Readonly<Record<Code, Example | string>> = {
  ...FILE_EXAMPLES,
  ...TEXT_EXAMPLES,
  ...SAMPLE_EXAMPLES,
  ...MAPPING_EXAMPLES,
  ...ADDRESS_EXAMPLES,
  ...SIGNATURE_EXAMPLES,
  ...EVENT_EXAMPLES,
  ...SCRIPT_EXAMPLES,
  ...SILENCE_EXAMPLES,
  ...CASE_EXAMPLES,
};
