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

const FIRST_NAMES = 'Robin Kim Alex Jo Sam Charlie Nour Toni Mika Sasha Luca Noor'.split(' ');
const LAST_NAMES = 'Example Sample Tester Placeholder Specimen Nobody'.split(' ');
/** Capitalised words, as people and places are called. */
const CAPITALISED = /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*$/u;

/** Stand-ins for what people are called; `rest` has more, when these are used up. */
export function readableForm(name: string, text: string, rest: Form): Form | null {
  const words = wordsOf(name);
  if (words.at(-1) !== 'name' || text.length > MAX_WORDS || !CAPITALISED.test(text)) return null;
  const pool = !text.includes(' ')
    ? words.includes('last') || words.includes('family')
      ? LAST_NAMES
      : FIRST_NAMES
    : LAST_NAMES.flatMap((last) => FIRST_NAMES.map((first) => `${first} ${last}`));
  return {
    key: `name ${pool.length} ${rest.key}`,
    make: (number) => pool[number] ?? rest.make(number - pool.length),
  };
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[_-]/);
}
