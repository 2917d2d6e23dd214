/**
 * Recognises objects whose keys are data (ids, dates, locales): the names of all keys ever seen there in, yes or no out.
 * Careful on purpose: a map taken for a record makes drift that nobody needs to act on, a record taken for a map would
 * hide that a member is gone. What is not recognised can be declared under `shape.maps`.
 */

/** With fewer names than this nothing is certain enough. */
const MIN_NAMES = 3;
const MIN_LOCALES_WITHOUT_REGION = 4;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const DIGITS = /^\d{1,40}$/;
/** Digests and object ids; the digit keeps words such as "defaced" out. */
const HEX = /^(?=.*\d)[0-9a-f]{12,128}$/i;
const DATE = /^\d{4}-\d{2}(?:-\d{2}(?:[T ][\d:.,+Z-]{2,20})?)?$/;
const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/;
/** `cus_9s6XKzkNRiz8i3`: one prefix, then letters and digits mixed. */
const PREFIXED_ID = /^([A-Za-z]{1,10}[_-])(?=(?:.*\d){2})(?=.*[A-Za-z])[A-Za-z0-9]{12,64}$/;
/** `custom_field_360001`: one prefix, then more digits than names such as rfc3339 or iso8601 have. */
const PREFIXED_NUMBER = /^([A-Za-z][A-Za-z_-]{0,40}?)\d{5,40}$/;
const LOCALE = /^([a-z]{2})(?:[-_]([A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*$/;

/** Languages that products are commonly translated into. Not all of ISO 639: "id", "to", "no", "is" and "am" are words. */
const LANGUAGES = new Set(
  'ar bg bn ca cs da de el en es et eu fa fi fr gl he hi hr hu hy it ja ka kk ko lt lv mk ms nb nl pl pt ro ru sk sl sq sr sv sw ta th tr uk ur uz vi zh'.split(
    ' ',
  ),
);

const CLASSES = [UUID, ULID, DIGITS, HEX, DATE, EMAIL];

/** True when all names are of one kind that members of ordinary records never have. Order does not matter. */
export function areNamesData(names: readonly string[]): boolean {
  if (names.length < MIN_NAMES) return false;
  return (
    CLASSES.some((pattern) => names.every((name) => pattern.test(name))) ||
    haveOnePrefix(PREFIXED_ID, names) ||
    haveOnePrefix(PREFIXED_NUMBER, names) ||
    areLocales(names)
  );
}

function haveOnePrefix(pattern: RegExp, names: readonly string[]): boolean {
  const prefix = pattern.exec(names[0] as string)?.[1];
  return prefix !== undefined && names.every((name) => pattern.exec(name)?.[1] === prefix);
}

/** `en-GB`, `de_DE`; bare languages only in a larger set that has English, as two letters are soon a word. */
function areLocales(names: readonly string[]): boolean {
  const matches = names.map((name) => LOCALE.exec(name));
  if (!matches.every((match) => match !== null && LANGUAGES.has(match[1] as string))) return false;
  const hasRegion = matches.some((match) => match?.[2] !== undefined);
  return hasRegion || (names.length >= MIN_LOCALES_WITHOUT_REGION && names.includes('en'));
}
