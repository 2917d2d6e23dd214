/** The words that may follow a value in a structured mapping: how each is written in a form, and what it is for. */

export interface Word {
  readonly name: string;
  /** What the input is: a choice, a text, a number, nothing (the word alone), or YAML as in the file. */
  readonly input: readonly string[] | 'text' | 'number' | 'yaml' | 'true';
  readonly what: string;
  /** What it is when it is added. */
  readonly start: string;
}

/** In the order in which they are carried out. */
export const WORDS: readonly Word[] = [
  {
    name: 'where',
    input: 'yaml',
    what: 'only elements for which it holds',
    start: '{ path: $.primary, equals: true }',
  },
  { name: 'get', input: 'text', what: 'something of each element', start: '$.id' },
  { name: 'missing', input: 'yaml', what: 'values that count as absent', start: '[""]' },
  { name: 'separator', input: 'text', what: 'a text becomes a list', start: ',' },
  { name: 'case', input: ['lower', 'upper'], what: 'lower or upper case', start: 'lower' },
  { name: 'except', input: 'yaml', what: 'a list without these', start: '[$.actor.id]' },
  { name: 'pick', input: ['first', 'last'], what: 'one of a list', start: 'first' },
  { name: 'map', input: 'yaml', what: 'a code becomes a value', start: '{ "1": High }' },
  {
    name: 'bands',
    input: 'yaml',
    what: 'a number becomes a value',
    start: '[{ from: 1000, is: 1 }, { from: 0, is: 5 }]',
  },
  { name: 'point', input: 'yaml', what: 'moves the decimal point: 4990 to 49.90', start: '2' },
  { name: 'decimals', input: 'number', what: 'how many decimals', start: '2' },
  {
    name: 'as',
    input: ['string', 'number', 'integer', 'boolean', 'date-time', 'date', 'url', 'json'],
    what: 'in another form',
    start: 'string',
  },
  { name: 'plus', input: 'text', what: 'a time later', start: 'PT2H' },
  { name: 'minus', input: 'text', what: 'a time earlier', start: 'P1D' },
  { name: 'join', input: 'text', what: 'a list becomes a text', start: ', ' },
  { name: 'count', input: 'true', what: 'how many there are', start: '' },
  { name: 'sum', input: 'true', what: 'all together', start: '' },
  { name: 'limit', input: 'number', what: 'at most so many characters', start: '140' },
  { name: 'default', input: 'text', what: 'what it becomes where it is missing', start: '' },
];

/** What says where a value comes from; exactly one of them. */
export const SOURCES = ['path', 'list', 'template', 'header', 'value', 'use'] as const;
