/**
 * What an answer to a challenge sends back. Prepare: values of the connector file in, plans out. Run: a challenge in, the
 * value out, or nothing where the request does not hold one short text. Never an object or a list of the request.
 */

import { isJsonObject } from '../json/json-value.ts';
import { compileExpression } from '../mapping/expression.ts';
import { prepareExpression } from '../mapping/prepare-expression.ts';
import { Scope } from '../mapping/scope.ts';
import type { AnswerPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import type { SecretLookup } from '../secrets.ts';
import type { Challenge } from './handshake-challenge.ts';
import type { KeyedDigest } from './handshake-keyed.ts';

/** Longest text of a request that is sent back, in UTF-16 units: challenges are some dozens. */
export const MAX_ECHO = 4096;

/** Texts of requests that nothing proves come back only if they are this: no control characters, no markup to speak of. */
const UNPROVEN_ECHO = /^[\x20-\x3b\x3d\x3f-\x7e]{1,1024}$/;

export interface AnswerRules {
  /** Why nothing can be read from the body; null where there is one. */
  readonly noBody: string | null;
  /** Why nothing can be keyed here; null where it can. */
  readonly noKeyed: string | null;
}

/** Prepares one value; null when something was reported. */
export function prepareAnswer(
  spec: unknown,
  rules: AnswerRules,
  pointer: string,
  report: Report,
): AnswerPlan | null {
  const fail = (message: string, at = pointer): null => {
    report({ code: 'value-invalid', pointer: at, message });
    return null;
  };
  if (hasOnly(spec, 'query')) {
    const { query } = spec;
    if (typeof query === 'string' && query !== '' && query.length <= 128)
      return { kind: 'query', name: query };
    return fail(
      'this is not the name of a query parameter; write { query: name }',
      pointerTo(pointer, 'query'),
    );
  }
  if (hasOnly(spec, 'keyed')) {
    if (rules.noKeyed !== null) return fail(rules.noKeyed);
    const inner = { ...rules, noKeyed: 'one digest is enough; name a path, a header or a query parameter' };
    const of = prepareAnswer(spec.keyed, inner, pointerTo(pointer, 'keyed'), report);
    if (of === null) return null;
    return isFixed(of)
      ? fail('name what the request holds: a path, a header or a query parameter')
      : { kind: 'keyed', of };
  }
  const plan = prepareExpression(spec, pointer, report)?.plan ?? null;
  if (plan === null) return null;
  if ((plan.kind === 'object' || plan.kind === 'list') && !isFixed(plan)) {
    return fail(
      'an answer sends back single texts of the request; name one path, header or query parameter, or write literals only',
    );
  }
  return rules.noBody !== null && (plan.kind === 'path' || plan.kind === 'template')
    ? fail(rules.noBody)
    : plan;
}

function hasOnly<Name extends string>(spec: unknown, name: Name): spec is Readonly<Record<Name, unknown>> {
  return isJsonObject(spec) && Object.hasOwn(spec, name) && Object.keys(spec).length === 1;
}

/** Written in the file from end to end. */
export function isFixed(plan: AnswerPlan): boolean {
  if (plan.kind === 'object') return Object.values(plan.members).every(isFixed);
  return plan.kind === 'list' ? plan.items.every(isFixed) : plan.kind === 'literal';
}

/** What is known of a request besides the request. */
export interface AnswerContext {
  /** Name of the secret that proved it; null: nothing did. */
  readonly verifiedBy: string | null;
  readonly secrets: SecretLookup;
}

/** undefined: the request has nothing that may be sent back here. */
export type AnswerReader = (challenge: Challenge, context: AnswerContext) => unknown;

/** The value of a plan if it may be sent back: the file's own, one short text of the request, or the digest of one. */
export function materialiseAnswer(
  plan: AnswerPlan,
  field: string,
  keyedDigest: KeyedDigest | null,
): AnswerReader {
  switch (plan.kind) {
    case 'query':
      return (challenge, context) => checkEcho(single(challenge.query().getAll(plan.name)), context);
    case 'keyed': {
      const read = materialiseAnswer(plan.of, field, null);
      return (challenge, context) => {
        if (context.verifiedBy === null || keyedDigest === null) return undefined;
        return keyedDigest(read(challenge, context), context.verifiedBy, context.secrets) ?? undefined;
      };
    }
    case 'header': {
      const { name } = plan;
      const evaluate = compileExpression(plan, field);
      // Which copy is meant is unknown.
      return (challenge, context) =>
        challenge.headers.all(name).length > 1
          ? undefined
          : checkEcho(presentValue(evaluate(new Scope(challenge.body, challenge.headers))), context);
    }
    default: {
      const evaluate = compileExpression(plan, field);
      const isOwn = isFixed(plan);
      return (challenge, context) => {
        const value = presentValue(evaluate(new Scope(challenge.body, challenge.headers)));
        return isOwn ? value : checkEcho(value, context);
      };
    }
  }
}

function presentValue(result: ReturnType<ReturnType<typeof compileExpression>>): unknown {
  return result.kind === 'value' ? result.value : undefined;
}

function single([value, ...more]: readonly string[]): string | undefined {
  return more.length > 0 ? undefined : value;
}

function checkEcho(value: unknown, { verifiedBy }: AnswerContext): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_ECHO) return undefined;
  return verifiedBy !== null || UNPROVEN_ECHO.test(value) ? value : undefined;
}
