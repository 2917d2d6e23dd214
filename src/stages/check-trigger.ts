/**
 * Stage 12: is what a mapping produced a trigger? Any value in, the typed trigger or a list of problems in words out.
 * The rules are schemas/trigger.schema.json. Messages name fields and what they expect, never a value.
 */

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import schema from '../../schemas/trigger.schema.json' with { type: 'json' };
import type { Trigger } from '../generated/trigger.ts';
import { stepsOfPointer } from './problem.ts';

export interface TriggerProblem {
  /** JSON pointer into the trigger. */
  readonly pointer: string;
  readonly message: string;
}

export type CheckedTrigger =
  | { readonly ok: true; readonly trigger: Trigger }
  | {
      readonly ok: false;
      /** The first problem, and how many more there are. */
      readonly message: string;
      readonly problems: readonly TriggerProblem[];
    };

/** Most problems that are kept of one trigger. */
const MAX_PROBLEMS = 20;

let validator: ValidateFunction<Trigger> | undefined;

/** Checks a mapped value. Never throws. */
export function checkTrigger(value: unknown): CheckedTrigger {
  // Compiled on first use, and once: it takes longer than a thousand checks.
  validator ??= compileValidator();
  if (validator(value)) return { ok: true, trigger: value };
  const problems = (validator.errors ?? []).slice(0, MAX_PROBLEMS).map(describeError);
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return { ok: false, message: `${first?.message ?? 'not a trigger'}${more}`, problems };
}

function compileValidator(): ValidateFunction<Trigger> {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  formats.default(ajv, ['date-time', 'duration']);
  return ajv.compile<Trigger>(schema);
}

function describeError({ instancePath, keyword, params }: ErrorObject): TriggerProblem {
  const field = nameOf(instancePath);
  switch (keyword) {
    case 'required': {
      const name = params.missingProperty as string;
      return { pointer: instancePath, message: `${join(field, name)} is missing` };
    }
    case 'additionalProperties': {
      const name = maskName(params.additionalProperty as string);
      return { pointer: instancePath, message: `${join(field, name)} is not a field of a trigger` };
    }
    case 'not':
      return {
        pointer: instancePath,
        message: `${field} has both expires and expiresInterval; keep one of them`,
      };
    default:
      return {
        pointer: instancePath,
        message: `${field === '' ? 'the trigger' : field} ${describeRule(keyword, params)}`,
      };
  }
}

function describeRule(keyword: string, params: Record<string, unknown>): string {
  const { limit } = params;
  switch (keyword) {
    case 'type':
      return `has to be ${TYPES[String(params.type)] ?? String(params.type).replaceAll(',', ', ')}`;
    case 'format':
      return params.format === 'duration'
        ? 'has to be an ISO 8601 duration, such as PT1H'
        : 'has to be an ISO 8601 time with its offset, such as 2030-01-04T00:10:00Z';
    case 'minItems':
    case 'minLength':
      return limit === 1 ? 'is empty' : `is shorter than ${limit}`;
    case 'maxItems':
      return `has more than ${limit} entries`;
    case 'maxLength':
      return `is longer than ${limit} characters`;
    case 'minimum':
      return `has to be at least ${limit}`;
    case 'maximum':
      return `has to be at most ${limit}`;
    default:
      return `breaks the rule "${keyword}" of the trigger schema`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'an integer',
  'string,number,boolean': 'a text, a number, true or false',
};

/** A JSON pointer in the notation of the connector file: cardOptions.targetStreamIds[0]. */
function nameOf(pointer: string): string {
  return stepsOfPointer(pointer).reduce(
    (name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : join(name, maskName(part))),
    '',
  );
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

/** A script can make names of values; only what looks like a name is shown. */
function maskName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name) ? name : '[?]';
}
