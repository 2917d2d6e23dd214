/**
 * Stand-ins that people can read, by kind of name. In: the name of a member, and its text. Out: a maker of other texts of that
 * kind, or null; and whether the text only tells events apart, and stays. Knows no values but its own.
 */
import type { Form } from './forms.ts';
import { GIVEN_NAMES } from './key-words.ts';

/** What events, states and kinds are called in, in snake case, without what stands before the last word. */
const DISCRIMINATORS: ReadonlySet<string> = new Set(
  'type event action status state kind topic object severity level'.split(' '),
);
/** Words and what stands between them: no digits, no blanks, nothing that a person is called. */
const WORDS = /^[a-z]+(?:[._:/-][a-z]+)*$/i;
const MAX_WORDS = 60;

/** True for the name of an event, a type or a status: without it a sample would be of another event. */
export function tellsEventsApart(name: string, text: string): boolean {
  if (text.length > MAX_WORDS || !WORDS.test(text) || !DISCRIMINATORS.has(wordsOf(name).at(-1) ?? ''))
    return false;
  return text.split(/[._:/-]/).every((word) => !GIVEN_NAMES.has(word.toLowerCase()));
}

/** Of what people and places are called, words without and with a blank inside. */
interface Pool {
  readonly short: readonly string[];
  readonly long: readonly string[];
}

const FIRST_NAMES = 'Robin Kim Alex Jo Sam Charlie Nour Toni Mika Sasha Luca Noor'.split(' ');
const LAST_NAMES = 'Example Sample Tester Placeholder Specimen Nobody'.split(' ');
const FULL_NAMES = LAST_NAMES.flatMap((last) => FIRST_NAMES.map((first) => `${first} ${last}`));
const PLACES = 'Sampleton Exampleville Testford Placeham Specimenburg Nowherby'.split(' ');
const FIRMS = 'Examplecorp Sampleworks Testware Placeholdings Specimenta Nobodyco'.split(' ');

const PEOPLE: Pool = { short: FIRST_NAMES, long: FULL_NAMES };
const FAMILIES: Pool = { short: LAST_NAMES, long: FULL_NAMES };
const CITIES: Pool = {
  short: PLACES,
  long: ['Upper', 'Lower', 'New'].flatMap((part) => PLACES.map((one) => `${part} ${one}`)),
};
const COMPANIES: Pool = {
  short: FIRMS,
  long: ['Ltd', 'Partners', 'Group'].flatMap((part) => FIRMS.map((one) => `${one} ${part}`)),
};

/** By words of a member's name; the first that has one decides. */
const KINDS: readonly (readonly [Pool, ReadonlySet<string>])[] = [
  [CITIES, new Set('city town locality municipality suburb village'.split(' '))],
  [COMPANIES, new Set('company organization organisation employer vendor merchant supplier firm'.split(' '))],
  [FAMILIES, new Set('surname lastname last family'.split(' '))],
  [PEOPLE, new Set('name firstname fullname forename'.split(' '))],
];
/** Words as people are called; not what alerts are, such as HighLatency or CPU. */
const PERSON = /^\p{Lu}(?:['\u2019]\p{Lu})?\p{Ll}+(?:[ -]\p{Lu}(?:['\u2019]\p{Lu})?\p{Ll}+)*$/u;
/** As places and companies are. */
const CAPITALISED = /^\p{Lu}[\p{L}'\u2019.&-]*(?:,? [\p{L}&][\p{L}'\u2019.&-]*)*$/u;

/** Stand-ins for what people, places and companies are called; `rest` has more, when these are used up. */
export function readableForm(name: string, text: string, rest: Form): Form | null {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  // `city_code` is no city; `company_name` is a company.
  const [pool] =
    KINDS.find(
      ([, kinds]) => kinds.has(last) || (last === 'name' && words.some((word) => kinds.has(word))),
    ) ?? [];
  const form = pool === PEOPLE || pool === FAMILIES ? PERSON : CAPITALISED;
  if (pool === undefined || text.length > MAX_WORDS || !form.test(text)) return null;
  const made = text.includes(' ') ? pool.long : pool.short;
  return {
    key: `name ${made[0]} ${rest.key}`,
    make: (number) => made[number] ?? rest.make(number - made.length),
  };
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[_-]/);
}
