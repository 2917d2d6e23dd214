/** The words that may follow a value in a structured mapping: how each is written in a form, and what it is for. */

export interface Word {
  readonly name: string;
  /** What the input is: a choice, a text, a number, or YAML as in the file. */
  readonly input: readonly string[] | 'text' | 'number' | 'yaml' | 'true';
  readonly what: string;
  /** What it is when it is added. */
  readonly start: string;
}

export const WORDS: readonly Word[] = [
  {
    name: 'as',
    input: ['string', 'number', 'integer', 'boolean', 'json', 'date-time'],
    what: 'in another form',
    start: 'string',
  },
  { name: 'default', input: 'text', what: 'what it becomes where it is missing', start: '' },
];

/** What says where a value comes from; exactly one of them. */
export const SOURCES = ['path', 'list', 'template', 'header', 'value', 'use'] as const;
