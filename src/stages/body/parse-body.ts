/**
 * Stage 7. In: a raw body and how the connector reads bodies. Out: the value that the stages judge and map, or what is
 * wrong with it. The same for requests, holds, samples and signatures that stand in the body.
 */
import { type ParsedBody, parseJsonBody } from '../json/json-text.ts';
import type { BodyPlan } from '../plans.ts';
import { parseFormBody } from './form-body.ts';
import { parseTextBody } from './text-body.ts';
import { parseXmlBody } from './xml-body.ts';

export function parseBody(plan: BodyPlan, body: Buffer): ParsedBody {
  switch (plan.body) {
    case 'json':
      return parseJsonBody(body);
    case 'form':
      return parseFormBody(body, listsOf(plan));
    case 'xml':
      return parseXmlBody(body, listsOf(plan));
    case 'text':
      return parseTextBody(body);
    // A sender that has nothing to say in the body may say something there one day.
    case 'none':
      return body.length === 0 ? { ok: true, value: {} } : parseJsonBody(body);
  }
}

/** Plans are plain JSON; each has at most one set made of its lists. */
const SETS = new WeakMap<readonly string[], ReadonlySet<string>>();

function listsOf({ lists }: BodyPlan): ReadonlySet<string> | undefined {
  if (lists === undefined) return undefined;
  const known = SETS.get(lists);
  if (known !== undefined) return known;
  const made = new Set(lists);
  SETS.set(lists, made);
  return made;
}
