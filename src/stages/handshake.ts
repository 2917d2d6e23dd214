/**
 * Challenges by which a provider checks that a URL is ours. Prepare: what the connector file or a preset says, in; plans
 * out. Run: a parsed body and headers in, the answer out, or null when this is no challenge. An answer holds texts of the
 * file and single texts of the request, never anything computed with a secret: nobody can have it sign something.
 */
import type { Handshake } from '../generated/connector.ts';
import { compileExpression } from './expression.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { materialiseConditions, prepareConditions } from './match-when.ts';
import type { ExpressionPlan, HandshakePlan } from './plans.ts';
import { prepareMembers } from './prepare-expression.ts';
import { pointerTo, type Report } from './problem.ts';
import type { RequestHeaders } from './request.ts';

export interface HandshakeAnswer {
  readonly status: number;
  readonly contentType: 'text/plain; charset=utf-8' | 'application/json';
  readonly body: string;
}

/** Longest text of a request that is sent back, in UTF-16 units: challenges are some dozens. */
export const MAX_ECHO = 4096;

/** Prepares the `handshake` of a signature, valid by its schema. What was reported is left out. */
export function prepareHandshakes(specs: unknown, pointer: string, report: Report): readonly HandshakePlan[] {
  return (specs as readonly Handshake[]).flatMap((spec, index) => {
    const plan = prepareHandshake(spec, pointerTo(pointer, index), report);
    return plan === null ? [] : [plan];
  });
}

function prepareHandshake(
  { when, answer }: Handshake,
  pointer: string,
  report: Report,
): HandshakePlan | null {
  const answerPointer = pointerTo(pointer, 'answer');
  // Samples are events, not challenges: there is no telling from them what every challenge has.
  const conditions = prepareConditions(when, pointerTo(pointer, 'when'), [], report);
  if (answer.text !== undefined && answer.json !== undefined) {
    const message = 'the answer has both text and json; keep the one that the provider expects';
    report({ code: 'value-invalid', pointer: answerPointer, message });
    return null;
  }
  const text = answer.text === undefined ? {} : prepareAnswer({ text: answer.text }, answerPointer, report);
  const json = prepareAnswer(answer.json ?? {}, pointerTo(answerPointer, 'json'), report);
  if (conditions.length < when.length || text === null || json === null) return null;
  return {
    when: conditions,
    status: answer.status ?? 200,
    ...text,
    ...(answer.json === undefined ? {} : { json }),
  };
}

/** The expressions of an answer; null when something was reported. */
function prepareAnswer<Name extends string>(
  members: Readonly<Record<Name, unknown>>,
  pointer: string,
  report: Report,
): Readonly<Record<Name, ExpressionPlan>> | null {
  const prepared = prepareMembers(members as JsonObject, pointer, report);
  if (prepared === null) return null;
  const nested = Object.entries(prepared.plans).filter(([, plan]) => isNested(plan) && !isFixed(plan));
  for (const [name] of nested) {
    const message =
      'an answer sends back single texts of the request; name one path or header, or write literals only';
    report({ code: 'value-invalid', pointer: pointerTo(pointer, name), message });
  }
  return nested.length > 0 ? null : (prepared.plans as Readonly<Record<Name, ExpressionPlan>>);
}

function isNested(plan: ExpressionPlan): boolean {
  return plan.kind === 'object' || plan.kind === 'list';
}

/** Written in the file from end to end. */
function isFixed(plan: ExpressionPlan): boolean {
  if (plan.kind === 'object') return Object.values(plan.members).every(isFixed);
  return plan.kind === 'list' ? plan.items.every(isFixed) : plan.kind === 'literal';
}

export type HandshakeResponder = (body: JsonValue, headers: RequestHeaders) => HandshakeAnswer | null;

/** The first handshake whose conditions hold answers; null when none does, or what it would echo is no short text. */
export function materialiseHandshakes(plans: readonly HandshakePlan[]): HandshakeResponder {
  const responders = plans.map(materialiseHandshake);
  return (body, headers) => {
    for (const respond of responders) {
      const answer = respond(body, headers);
      if (answer !== null) return answer;
    }
    return null;
  };
}

function materialiseHandshake({ when, status, text, json }: HandshakePlan): HandshakeResponder {
  const matches = materialiseConditions(when);
  const write = json !== undefined ? writeJson(json) : text !== undefined ? writeText(text) : () => '';
  const contentType = json === undefined ? 'text/plain; charset=utf-8' : 'application/json';
  return (body, headers) => {
    if (matches(body, headers).kind !== 'match') return null;
    const answer = write(body, headers);
    return answer === null ? null : { status, contentType, body: answer };
  };
}

type Writer = (body: JsonValue, headers: RequestHeaders) => string | null;

function writeText(plan: ExpressionPlan): Writer {
  const evaluate = compileEcho(plan, 'answer.text');
  return (body, headers) => {
    const value = evaluate(body, headers);
    return value === undefined ? null : toText(value);
  };
}

function writeJson(members: Readonly<Record<string, ExpressionPlan>>): Writer {
  const compiled = Object.entries(members).map(
    ([key, plan]) => [key, compileEcho(plan, `answer.json.${key}`)] as const,
  );
  return (body, headers) => {
    const answer: Record<string, unknown> = {};
    for (const [key, evaluate] of compiled) {
      const value = evaluate(body, headers);
      if (value === undefined) return null;
      answer[key] = value;
    }
    return JSON.stringify(answer);
  };
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value of an expression if it may be sent back: the file's own, or one short text of the request. */
function compileEcho(
  plan: ExpressionPlan,
  field: string,
): (body: JsonValue, headers: RequestHeaders) => unknown {
  const evaluate = compileExpression(plan, field);
  const isOwn = isFixed(plan);
  return (body, headers) => {
    const result = evaluate(body, headers);
    if (result.kind !== 'value') return undefined;
    const { value } = result;
    return isOwn || (typeof value === 'string' && value.length <= MAX_ECHO) ? value : undefined;
  };
}
