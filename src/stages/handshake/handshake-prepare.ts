/**
 * Prepares handshakes. In: what the connector file or a preset says about challenges, and the scheme they belong to. Out:
 * plans. Refuses every answer by which a stranger could have something signed, or set what a browser acts on.
 */
import type { Handshake } from '../../generated/connector.ts';
import { checkOutputKey } from '../mapping/literal.ts';
import type { AnswerPlan, HandshakePlan, SignaturePlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { type AnswerRules, prepareAnswer } from './handshake-answer.ts';
import { prepareHandshakeConditions } from './handshake-conditions.ts';
import { checkKeyedScheme } from './handshake-keyed.ts';

export interface HandshakeScheme {
  /** null: the connector has no signature. */
  readonly type: SignaturePlan['type'] | null;
  readonly template: SignaturePlan['template'];
  readonly hasVerifyToken: boolean;
  /** The file does not write the handshakes itself: those that it gives no token for are left out. */
  readonly isPreset: boolean;
}

/** What stands in the file from end to end, as texts of headers are. */
function isLiteral(value: unknown): boolean {
  return typeof value === 'string' ? !value.startsWith('$') : typeof value !== 'object';
}

/** Headers that the runtime writes itself, or by which an answer would be more than an answer. */
const RESERVED_HEADER =
  /^(?:content-.*|transfer-encoding|connection|keep-alive|upgrade|trailer|te|date|server|location|refresh|link|set-cookie.*|cache-control|access-control-.*|strict-transport-.*|clear-site-data|x-content-type-options|x-request-id|x-frame-options|www-authenticate|retry-after|allow)$/;

/** Prepares the `handshake` of a signature, valid by its schema. What was reported is left out. */
export function prepareHandshakes(
  specs: unknown,
  scheme: HandshakeScheme,
  pointer: string,
  report: Report,
): readonly HandshakePlan[] {
  return (specs as readonly Handshake[]).flatMap((spec, index) => {
    const usesToken = spec.when?.some(({ equalsSecret }) => equalsSecret !== undefined) ?? false;
    if (usesToken && !scheme.hasVerifyToken && scheme.isPreset) return [];
    const plan = prepareHandshake(spec, scheme, pointerTo(pointer, index), report);
    if (usesToken && !scheme.hasVerifyToken) {
      const message =
        'the signature has no verifyToken to compare with; add verifyToken: { env: SLUICE_SECRET_... }';
      report({
        code: 'secret-missing-reference',
        pointer: pointerTo(pointerTo(pointer, index), 'when'),
        message,
      });
      return [];
    }
    return plan === null ? [] : [plan];
  });
}

function prepareHandshake(
  spec: Handshake,
  scheme: HandshakeScheme,
  pointer: string,
  report: Report,
): HandshakePlan | null {
  const { method = 'POST', when = [], answer } = spec;
  const proof = spec.proof ?? (method === 'POST' ? 'signature' : 'none');
  let isUsable = true;
  const fail = (field: string, message: string): void => {
    isUsable = false;
    report({ code: 'value-invalid', pointer: field === '' ? pointer : pointerTo(pointer, field), message });
  };
  const isFirst = method === 'POST' && proof === 'none';
  if (isFirst && Object.values(answer.headers ?? {}).some((value) => !isLiteral(value))) {
    fail(
      'answer',
      'what a POST brings that nothing proves comes back in the body only; write literals into the headers, or proof: window',
    );
  }
  if (proof === 'signature' && scheme.type === null) {
    fail(
      'proof',
      'without a signature there is nothing to prove a challenge; write proof: none or proof: window',
    );
  }
  if (method !== 'POST' && proof === 'window') {
    fail(
      'proof',
      `only a POST can wait for an operator; write method: POST, or leave proof of ${method} out`,
    );
  }
  const isEmpty = answer.text === undefined && answer.json === undefined && answer.headers === undefined;
  if (when.length === 0 && !(method === 'HEAD' || (method === 'GET' && isEmpty))) {
    fail('', `every ${method} would be taken for a challenge; say in \`when\` how it is recognised`);
  }
  if (method !== 'POST' && when.some(({ path }) => path !== undefined)) {
    fail('when', `a ${method} has no body to look into; use query or header`);
  }
  if (answer.text !== undefined && answer.json !== undefined) {
    fail('answer', 'the answer has both text and json; keep the one that the provider expects');
  }
  if (method === 'HEAD' && (answer.text !== undefined || answer.json !== undefined)) {
    fail('answer', 'the answer to a HEAD has no body; remove text and json');
  }
  if (spec.show !== undefined && proof !== 'signature') {
    fail('show', 'nothing proves this challenge, so anyone could have any address shown; remove show');
  }
  const conditions = prepareHandshakeConditions(when, pointerTo(pointer, 'when'), report);
  const values = prepareValues(answer, rulesFor(method, proof, scheme), pointerTo(pointer, 'answer'), report);
  if (!isUsable || conditions.length < when.length || values === null) return null;
  return {
    ...(method === 'POST' ? {} : { method }),
    ...(proof === 'signature' ? {} : { proof }),
    when: conditions,
    ...(spec.show === undefined ? {} : { show: spec.show }),
    status: answer.status ?? 200,
    ...values,
  };
}

function rulesFor(
  method: NonNullable<Handshake['method']>,
  proof: NonNullable<Handshake['proof']>,
  { type, template }: HandshakeScheme,
): AnswerRules {
  return {
    noBody:
      method === 'POST'
        ? null
        : `a ${method} has no body to answer from; use { query: ... } or { header: ... }`,
    noKeyed:
      proof === 'signature'
        ? type === null
          ? 'there is no secret that an answer could be keyed with'
          : checkKeyedScheme(type, template)
        : 'nothing proves this challenge, so anyone could have a text of their choice signed; a keyed answer needs proof: signature',
  };
}

/** The values of an answer; null when something was reported. */
function prepareValues(
  { headers, text, json }: Handshake['answer'],
  rules: AnswerRules,
  pointer: string,
  report: Report,
): Pick<HandshakePlan, 'headers' | 'text' | 'json'> | null {
  let isUsable = true;
  const unkeyed = { ...rules, noKeyed: 'a keyed answer is a member of a JSON answer; move it to json' };
  const prepareOne = (spec: unknown, one: AnswerRules, at: string): readonly AnswerPlan[] => {
    const plan = prepareAnswer(spec, one, at, report);
    if (plan === null) isUsable = false;
    return plan === null ? [] : [plan];
  };
  const prepareAll = (specs: Readonly<Record<string, unknown>>, one: AnswerRules, at: string) =>
    Object.fromEntries(
      Object.entries(specs).flatMap(([name, spec]) => {
        if (!checkOutputKey(name, pointerTo(at, name), report)) isUsable = false;
        return prepareOne(spec, one, pointerTo(at, name)).map((plan) => [name, plan] as const);
      }),
    );
  for (const name of Object.keys(headers ?? {})) {
    if (!RESERVED_HEADER.test(name.toLowerCase())) continue;
    isUsable = false;
    const message = `the header ${JSON.stringify(name)} is not for a connector to set; remove it`;
    report({ code: 'value-invalid', pointer: pointerTo(pointerTo(pointer, 'headers'), name), message });
  }
  const [textPlan] = text === undefined ? [] : prepareOne(text, unkeyed, pointerTo(pointer, 'text'));
  const headerPlans = prepareAll(headers ?? {}, unkeyed, pointerTo(pointer, 'headers'));
  const jsonPlans = prepareAll(json ?? {}, rules, pointerTo(pointer, 'json'));
  if (!isUsable) return null;
  return {
    ...(headers === undefined ? {} : { headers: lowerCased(headerPlans) }),
    ...(textPlan === undefined ? {} : { text: textPlan }),
    ...(json === undefined ? {} : { json: jsonPlans }),
  };
}

function lowerCased<Value>(members: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name.toLowerCase(), value]));
}
