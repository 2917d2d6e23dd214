/** What a card could say: leaves in, named variables out, the most telling first. */

import type { JsonScalar } from '../../stages/json/json-value.ts';
import { readDateTime } from '../../stages/mapping/date-time.ts';
import type { Leaf } from './leaves.ts';

export interface VariableProposal {
  readonly name: string;
  readonly path: string;
  /** Not in every sample: needs a default. */
  readonly optional: boolean;
  /** The provider says that it may be missing: the same. */
  readonly byProvider?: true;
  readonly reason: string;
}

type Test = (value: JsonScalar) => boolean;

interface Kind {
  readonly reason: string;
  readonly score: number;
  /** Of the member's name, its words joined by `_`. */
  readonly names: RegExp;
  readonly fits: Test;
}

/** Texts longer than this, in UTF-16 units, are no line of a card. */
const MAX_TEXT = 300;
const MAX_VARIABLES = 6;
const MAX_OF_A_KIND = 2;
/** What a path may cost before it is left out. */
const MIN_SCORE = 40;

const isText: Test = (value) => typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
const isNumber: Test = (value) => typeof value === 'number' || typeof value === 'bigint';
const isAmount: Test = (value) =>
  isNumber(value) || (typeof value === 'string' && /^-?\d+([.,]\d+)*$/.test(value));
const isWebAddress: Test = (value) => typeof value === 'string' && /^https?:\/\/\S+$/.test(value);
const isDate: Test = (value) => typeof value === 'string' && readDateTime(value) !== undefined;

const KINDS: readonly Kind[] = [
  {
    reason: 'what it is about',
    score: 90,
    names: /^(title|subject|summary|headline|short_description)$/,
    fits: isText,
  },
  {
    reason: 'an amount',
    score: 86,
    names: /^(amount|(grand_|current_)?total(_price|_amount)?|price|balance|amount_due)$/,
    fits: isAmount,
  },
  {
    reason: 'a name',
    score: 80,
    names: /^(name|full_name|display_name|first_name|project_name)$/,
    fits: isText,
  },
  {
    reason: 'a number that people know it by',
    score: 78,
    names: /^(number|reference|order_number|order_name|invoice_number|ticket_number|case_number)$/,
    fits: (value) => isText(value) || isNumber(value),
  },
  {
    reason: 'a link',
    score: 76,
    names: /^(html_url|web_url|permalink|link|url|target_url|self_url|.*_page_url)$/,
    fits: isWebAddress,
  },
  {
    reason: 'a state',
    score: 72,
    names: /^(status|state|priority|severity|urgency|stage|reason)$/,
    fits: isText,
  },
  { reason: 'the currency', score: 84, names: /^currency(_code)?$/, fits: isText },
  {
    reason: 'a date',
    score: 66,
    names: /^(due(_date|_at|_on)?|expires_at|scheduled_at|start(s|ed)?_at|end(s|ed)?_at|deadline)$/,
    fits: isDate,
  },
  {
    reason: 'when it happened',
    score: 58,
    names: /^(created_at|occurred_at|updated_at|completed_at|timestamp|event_time)$/,
    fits: isDate,
  },
  { reason: 'a text', score: 56, names: /^(text|message|description|comment|note)$/, fits: isText },
];

/** Members that only wrap what matters: they give no variable its name. */
const WRAPPERS = new Set('data object event detail payload body attributes resource record meta'.split(' '));
/** Whose links lead to what the event belongs to, or to who made it, and not to what it is about. */
const SURROUNDINGS = new Set(
  'repository organization team workspace account sender actor user owner'.split(' '),
);
/** Said alone, these do not say of what. */
const GENERIC =
  /^(name|title|number|status|state|url|html_url|web_url|link|text|message|description|full_name|display_name|summary)$/;

export function proposeVariables(leaves: readonly Leaf[]): readonly VariableProposal[] {
  const found = leaves
    .flatMap((leaf) => {
      const last = (leaf.names.at(-1) ?? []).join('_');
      const kind = KINDS.find(
        ({ names, fits }) => names.test(last) && leaf.values.length > 0 && leaf.values.every(fits),
      );
      const score = kind === undefined || leaf.isInList ? 0 : scoreOf(leaf, kind);
      return kind !== undefined && score >= MIN_SCORE ? [{ leaf, kind, score }] : [];
    })
    .sort((left, right) => right.score - left.score);
  const chosen = new Map<string, VariableProposal>();
  const kinds: Kind[] = [];
  const said = new Set<string>();
  for (const { leaf, kind } of found) {
    if (chosen.size >= MAX_VARIABLES) break;
    if (kinds.filter((one) => one === kind).length >= MAX_OF_A_KIND) continue;
    // The same number or link at two places is said once.
    const values = JSON.stringify(leaf.values.map(String));
    const name = [nameOf(leaf, false), nameOf(leaf, true)].find((one) => one !== '' && !chosen.has(one));
    if (name === undefined || said.has(values)) continue;
    said.add(values);
    kinds.push(kind);
    chosen.set(name, { name, path: leaf.path, optional: leaf.optional, reason: kind.reason });
  }
  return [...chosen.values()];
}

function scoreOf({ names, optional }: Leaf, kind: Kind): number {
  const depth = names.filter((words) => !WRAPPERS.has(words.join('_'))).length;
  const isAside = kind.fits === isWebAddress && SURROUNDINGS.has(names.at(-2)?.at(-1) ?? '');
  // Of a thing's addresses the one for people comes first.
  const isForPrograms = names.at(-1)?.join('_') === 'url';
  const cost = (optional ? 10 : 0) + (isAside ? 40 : 0) + (isForPrograms ? 4 : 0);
  return kind.score - (depth - 1) * 8 - (names.length - depth) - cost;
}

/** `customer_name`, or `total`; `isLong` puts the member above in front whatever the name says. */
function nameOf({ names }: Leaf, isLong: boolean): string {
  const own = (names.at(-1) ?? []).join('_');
  const above = names
    .slice(0, -1)
    .map((words) => words.join('_'))
    .findLast((name) => !WRAPPERS.has(name));
  const long = above === undefined || !(isLong || GENERIC.test(own)) ? own : `${above}_${own}`;
  return /^[a-z]\w{0,59}$/.test(long) ? long : '';
}
