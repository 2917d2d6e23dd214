/** Values as YAML text, quoted only where they must be. Quoted text is JSON, which YAML reads the same. */
import { escapeControls } from '../../diagnostics/printable.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonScalar } from '../../stages/json/json-value.ts';

/** Letters and signs that mean nothing to YAML, also between braces. */
const PLAIN = /^[A-Za-z$][\w$./-]*$/;
/** The same where no braces are around. */
const PLAIN_ALONE = /^[A-Za-z$](?:[\w$./-]|\[(?:\*|\d+)\])*$/;
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Inside `{ }` or `[ ]`. */
export function flowText(value: JsonScalar): string {
  return typeof value === 'string' && PLAIN.test(value) && !WORDS.test(value) ? value : stringifyJson(value);
}

/** Behind `key: ` on a line of its own. */
export function blockText(value: string): string {
  return PLAIN_ALONE.test(value) && !WORDS.test(value) ? value : flowText(value);
}

/** Words between spaces: for sentences that a person wrote. */
export function sentenceText(value: string): string {
  return /^[A-Za-z](?:[\w.,;()'-]|[ ](?! |$))*$/.test(value) && !WORDS.test(value)
    ? value
    : stringifyJson(value);
}

export function comment(text: string): string {
  return `# ${escapeControls(text)}`;
}
