/**
 * Whether the key of an object is data: an address, a number of a telephone, an id, somebody's name. A key in, what it
 * is out. The forms that leave no doubt are those that no member of a record is named by; the others are said to be
 * unsure, and a person decides. Says nothing about keys that only their number shows to be data (recognise-map.ts).
 */
import { isIP } from 'node:net';
import { GIVEN_NAMES, LABEL_WORDS } from './key-words.ts';

/** `data`: replaced. `unsure`: may be a name as well as a label. null: a name of a member like any other. */
export type KeyJudgement = 'data' | 'unsure' | null;

/** `@odata.type`, `members@odata.bind`: annotations. XML attributes and JSON-LD begin with @. */
const ANNOTATION = /^[@$#]|@(?:odata|microsoft)\./i;
const EMAIL = /[^\s@](?:@|%40)[^\s@]/i;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const ULID = /^[0-7](?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{25}$/;
const HEX = /^(?:0x)?(?=.*\d)(?=.*[a-f])[0-9a-f]{12,}$/i;
const HARDWARE = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;
const URL_LIKE = /:\/\/|^www\./i;
const DATE = /^\d{4}-\d\d(?:-\d\d.*)?$/;
/** Shorter ones count something. */
const NUMBER = /^\d{3,}$/;
const PUNCTUATED_NUMBER = /^[\d\s+()./:#-]*$/;
/** `user:4711`, `users/4711`, `ticket #4711`, `OPS-4711`; not `SHA-256`. */
const NUMBERED = /[:/#]\s?\d{3,}(?!\w)|^(?!(?:UTF|SHA|ISO|RFC|AES|RSA|MD)-)[A-Z]{2,10}-\d{3,}$/;
const PREFIXED_NUMBER = /^\p{L}[\p{L}_ .:-]*\d{5,}$/u;
/** Of fields that customers make: `customfield_10020` is the same in every payload. */
const FIELD = /(?:field|attribute|question|column|property|param|option|custom|answer|entry)s?[_ .:-]?\d+$/i;
/** `cus_9s6XKzkNRiz8i3` */
const PREFIXED_ID = /^[A-Za-z]{1,12}[_-](?=(?:.*\d){2})(?=.*\d[A-Za-z])[A-Za-z0-9]{8,}$/;
/** `U061F7AUR` */
const CAPITALS = /^(?=(?:.*\d){3})(?=.*\d[A-Z]+\d)[A-Z0-9]{8,}$/;
const MIXED = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]{16,}={0,2}$/;
/** Words of a name have more letters than this on average, `dGhpcyBpcyBhIHRva2Vu` has not. */
const MIN_WORD = 2.8;
/** As long as telephone numbers within a country are. */
const LONG_NUMBER = /\d{7,}/;
const MIN_PUNCTUATED = 5;
/** Nobody names a member by more, in UTF-16 units; it also bounds what the patterns cost. */
const MAX_NAME = 120;

const PARTICLES = new Set('al bin da de del della den der di dos du el la le ten van von y zu'.split(' '));
const CAPITALISED = /^\p{Lu}/u;
/** Scripts without capitals: nothing tells a name from a label. */
const UNCASED = /^[\p{Lo}\p{M}\s・·]{2,12}$/u;
const MAX_WORDS = 4;

export function classifyKey(key: string): KeyJudgement {
  if (key.length > MAX_NAME) return 'data';
  if (ANNOTATION.test(key)) return null;
  return isData(key) ? 'data' : classifyName(key);
}

/** There a label looks like a name. */
export function isUncased(key: string): boolean {
  return UNCASED.test(key);
}

function isData(key: string): boolean {
  if (EMAIL.test(key) || UUID.test(key) || URL_LIKE.test(key) || isIP(key) !== 0) return true;
  if (ULID.test(key) || HEX.test(key) || HARDWARE.test(key) || DATE.test(key) || NUMBER.test(key))
    return true;
  if (PUNCTUATED_NUMBER.test(key)) return key.replace(/\D/g, '').length >= MIN_PUNCTUATED;
  if (FIELD.test(key)) return false;
  const joined = key.replace(/(?<=\d)[\s().-]+(?=\d)/g, '');
  if (LONG_NUMBER.test(joined) || NUMBERED.test(key) || PREFIXED_NUMBER.test(key)) return true;
  return PREFIXED_ID.test(key) || CAPITALS.test(key) || (MIXED.test(key) && !hasWords(key));
}

function hasWords(key: string): boolean {
  const words = key.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  return words.join('').length / words.length > MIN_WORD;
}

function classifyName(key: string): KeyJudgement {
  if (isUncased(key)) return 'unsure';
  const words = key.split(/[\s,._-]+/).filter((word) => word !== '');
  if (words.length === 0 || words.length > MAX_WORDS) return null;
  if (!words.every((word) => /^\p{L}[\p{L}\p{M}'’]*$/u.test(word))) return null;
  const plain = words.map((word) => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
  if (plain.some((word) => LABEL_WORDS.has(word))) return null;
  if (plain.some((word) => GIVEN_NAMES.has(word))) return 'data';
  const isSpoken = words.length > 1 && /[\s,]/.test(key);
  const isName = words.every((word) => CAPITALISED.test(word) || PARTICLES.has(word));
  return isSpoken && isName ? 'unsure' : null;
}
