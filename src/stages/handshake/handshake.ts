/**
 * Stage 5: challenges by which a provider checks that a URL is ours. In: a plan, and a request, proven or not. Out: the
 * answer, or null when this is no challenge. An answer holds texts of the file and single texts of the request; what is
 * keyed is only ever a short challenge that the shared secret has proven: nobody can have anything else signed.
 */

import type { AnswerPlan, HandshakePlan, SignaturePlan } from '../plans.ts';
import type { SecretLookup } from '../secrets.ts';
import { materialiseBodyValue } from '../signature/body-values.ts';
import { type AnswerContext, materialiseAnswer } from './handshake-answer.ts';
import type { Challenge } from './handshake-challenge.ts';
import { type ChallengeMatcher, materialiseHandshakeConditions } from './handshake-conditions.ts';
import { type KeyedDigest, materialiseKeyedDigest } from './handshake-keyed.ts';

export interface HandshakeAnswer {
  readonly status: number;
  readonly contentType: 'text/plain; charset=utf-8' | 'application/json';
  /** An address that the provider wants to be visited, for the operator. */
  readonly show?: string;
  /** Besides those of every answer; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type ChallengeAnswer =
  /** `window`: an operator waits for this very request, which has to be shown to them before it is answered. */
  | { readonly ok: true; readonly answer: HandshakeAnswer; readonly window: boolean }
  /** secret-missing: it may be a challenge, but the verify token is not there to tell. */
  | { readonly ok: false; readonly code: 'signature-mismatch' | 'secret-missing' };

export type ChallengeMethod = NonNullable<HandshakePlan['method']>;

export interface Handshakes {
  /** Methods that challenges come by and events do not. */
  readonly methods: readonly ChallengeMethod[];
  /** Whether challenges by this method can be proven by the signature, so that it is worth a look. */
  usesSignature(method: string): boolean;
  /** Whether an operator can wait for a challenge that nothing proves. */
  readonly hasWindow: boolean;
  /** Answers a challenge whose signature is right; `verifiedBy` is the secretName of the secret that proved it. */
  answerVerified(challenge: Challenge, verifiedBy: string, secrets: SecretLookup): HandshakeAnswer | null;
  /** Answers a challenge that nothing proves. `windowOpen`: an operator waits for this connector's next request. */
  answerChallenge(challenge: Challenge, windowOpen: boolean, secrets: SecretLookup): ChallengeAnswer;
}

/** A signature scheme, or what a connector without one has. */
export type HandshakeSource =
  | SignaturePlan
  | { readonly handshake: readonly HandshakePlan[]; readonly verifyToken?: undefined };

/** Where the challenges of a connector stand in its plan. */
export function handshakesOf(plan: {
  readonly signature: SignaturePlan | null;
  readonly handshake?: readonly HandshakePlan[];
}): HandshakeSource {
  return plan.signature ?? { handshake: plan.handshake ?? [] };
}

/** Turns the handshakes of a connector into functions. The first one that applies answers. */
export function materialiseHandshakes(plan: HandshakeSource): Handshakes {
  const responders = plan.handshake.map((handshake) => new Responder(handshake, plan));
  const methods = new Set(responders.flatMap(({ method }) => (method === null ? [] : [method])));
  const ofSignature = responders.filter(({ proof }) => proof === 'signature');
  const ofNothing = responders.filter(({ proof }) => proof === 'none');
  const ofWindow = responders.filter(({ proof }) => proof === 'window');
  return {
    methods: [...methods],
    usesSignature: (method) => ofSignature.some((responder) => responder.takes(method)),
    hasWindow: ofWindow.length > 0,
    answerVerified: (challenge, verifiedBy, secrets) =>
      firstAnswer(ofSignature, challenge, { verifiedBy, secrets }),
    answerChallenge(challenge, windowOpen, secrets) {
      const context: AnswerContext = { verifiedBy: null, secrets };
      const unproven = firstAnswer(ofNothing, challenge, context);
      if (unproven !== null) return { ok: true, answer: unproven, window: false };
      const waitedFor = windowOpen ? firstAnswer(ofWindow, challenge, context) : null;
      if (waitedFor !== null) return { ok: true, answer: waitedFor, window: true };
      const { verifyToken } = plan;
      const lacksToken = verifyToken !== undefined && (secrets(verifyToken) ?? '') === '';
      const isToTell = lacksToken && ofNothing.some((responder) => responder.takes(challenge.method));
      return { ok: false, code: isToTell ? 'secret-missing' : 'signature-mismatch' };
    },
  };
}

function firstAnswer(
  responders: readonly Responder[],
  challenge: Challenge,
  context: AnswerContext,
): HandshakeAnswer | null {
  for (const responder of responders) {
    const answer = responder.answer(challenge, context);
    if (answer !== null) return answer;
  }
  return null;
}

/** An address, short and without anything that a terminal acts on. */
const SHOWN = /^https:\/\/[\x21-\x7e]{1,2000}$/;

type Writer = (challenge: Challenge, context: AnswerContext) => string | null;
type HeaderWriter = (challenge: Challenge, context: AnswerContext) => Readonly<Record<string, string>> | null;

/** Visible ASCII, with spaces inside: nothing that could start a header of its own. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?$/;

class Responder {
  /** null: a method of events. */
  readonly method: ChallengeMethod | null;
  readonly proof: 'signature' | 'none' | 'window';
  readonly #status: number;
  readonly #contentType: HandshakeAnswer['contentType'];
  readonly #matches: ChallengeMatcher;
  readonly #writeBody: Writer;
  readonly #writeHeaders: HeaderWriter;
  readonly #readShown: ReturnType<typeof materialiseBodyValue> | null;

  constructor(
    { method, proof, when, show, status, headers, text, json }: HandshakePlan,
    plan: HandshakeSource,
  ) {
    this.#readShown = show === undefined ? null : materialiseBodyValue(show);
    this.method = method ?? null;
    this.proof = proof ?? 'signature';
    this.#status = status;
    this.#contentType = json === undefined ? 'text/plain; charset=utf-8' : 'application/json';
    this.#matches = materialiseHandshakeConditions(when, plan.verifyToken);
    const isKeyed = Object.values(json ?? {}).some(({ kind }) => kind === 'keyed');
    if (isKeyed && this.proof !== 'signature')
      throw new Error('a plan was used unchecked: it signs for anyone');
    const keyedDigest = isKeyed && 'type' in plan ? materialiseKeyedDigest(plan) : null;
    this.#writeBody = json !== undefined ? writeJson(json, keyedDigest) : writeText(text);
    this.#writeHeaders = writeHeaders(headers ?? {});
  }

  takes(method: string): boolean {
    const isOfEvents = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
    return this.method === null ? isOfEvents : this.method === method;
  }

  answer(challenge: Challenge, context: AnswerContext): HandshakeAnswer | null {
    if (!this.takes(challenge.method) || !this.#matches(challenge, context.secrets)) return null;
    const body = this.#writeBody(challenge, context);
    const headers = this.#writeHeaders(challenge, context);
    if (body === null || headers === null) return null;
    const answer = { status: this.#status, contentType: this.#contentType, headers, body };
    const shown = this.#readShown?.(challenge.body);
    return shown === undefined || shown === null || !SHOWN.test(shown) ? answer : { ...answer, show: shown };
  }
}

function writeText(plan: AnswerPlan | undefined): Writer {
  if (plan === undefined) return () => '';
  const read = materialiseAnswer(plan, 'answer.text', null);
  return (challenge, context) => {
    const value = read(challenge, context);
    if (value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
}

function writeJson(members: Readonly<Record<string, AnswerPlan>>, keyedDigest: KeyedDigest | null): Writer {
  const readers = Object.entries(members).map(
    ([key, plan]) => [key, materialiseAnswer(plan, `answer.json.${key}`, keyedDigest)] as const,
  );
  return (challenge, context) => {
    const answer: Record<string, unknown> = {};
    for (const [key, read] of readers) {
      const value = read(challenge, context);
      if (value === undefined) return null;
      answer[key] = value;
    }
    return JSON.stringify(answer);
  };
}

function writeHeaders(members: Readonly<Record<string, AnswerPlan>>): HeaderWriter {
  const readers = Object.entries(members).map(
    ([name, plan]) => [name, materialiseAnswer(plan, `answer.headers.${name}`, null)] as const,
  );
  return (challenge, context) => {
    const headers: Record<string, string> = {};
    for (const [name, read] of readers) {
      const value = read(challenge, context);
      if (typeof value !== 'string' || !HEADER_VALUE.test(value)) return null;
      headers[name] = value;
    }
    return headers;
  };
}
