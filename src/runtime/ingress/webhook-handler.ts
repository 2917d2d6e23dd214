/**
 * HTTP on both sides of the pipeline. In: a Node request. Out: its answer. Refuses what the head decides before a byte
 * of the body is read, and reads the body itself: a signature covers the bytes as sent. Writes no log: it reports.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { acknowledgeOf } from '../../bundle/plan.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { AcknowledgePlan } from '../../stages/plans.ts';
import { headersFromRaw, type RequestHeaders } from '../../stages/request.ts';
import { MAX_UNVERIFIED_JSON } from '../../stages/signature/body-values.ts';
import { rejected, tooLarge } from '../pipeline/admission.ts';
import { DEFAULT_PIPELINE_LIMITS, DEFAULT_SERVER_LIMITS } from '../pipeline/limits.ts';
import type { Pipeline, PipelineRequest } from '../pipeline/pipeline.ts';
import { answerOf } from './answer.ts';
import { createByteBudget } from './byte-budget.ts';
import { createAddressReader } from './client-address.ts';
import { sendContinue } from './continue.ts';
import { decodeWithin } from './decode-within.ts';
import { readBody } from './read-body.ts';
import { createRows } from './rows.ts';
import { isRead, sendAnswer, sendEarly } from './send-answer.ts';

/** What the log and the metrics want to know besides the outcome. */
export interface RequestReport {
  readonly status: number;
  readonly method: string;
  /** From the request's head to its outcome. */
  readonly latencyMs: number;
  /** Length of the body; 0 where it was not read. */
  readonly bytes: number;
  /**
   * Of a refused address: which, and the start of an X-Forwarded-For that came from a proxy nobody named (--trust-proxy).
   */
  readonly sender?: { readonly address: string; readonly untrustedForwardedFor?: string };
}

/** A request as it came, for whoever shows requests to the person who develops; the body null where it was not read. */
export interface ArrivedRequest {
  readonly method: string;
  readonly url: string;
  readonly ip: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer | null;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export interface IngressDeps {
  readonly pipeline: Pipeline;
  readonly limits?: {
    /** Longest body, in bytes. */
    readonly bodyBytes: number;
    /** All bodies in memory at the same time, in bytes. */
    readonly inFlightBytes: number;
  };
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed. Default: none. */
  readonly trustProxy?: readonly string[];
  /** Origin under which senders reach this server, such as https://hooks.example.com; some signatures cover the URL. */
  readonly publicUrl?: string;
  /** Hears of every outcome, once. Must not throw. */
  readonly observe?: (outcome: Outcome, report: RequestReport) => void;
  /** The same with the request itself. Only for development: it holds payloads and credentials. Must not throw. */
  readonly inspect?: (arrived: ArrivedRequest, outcome: Outcome, report: RequestReport) => void;
  /** Hears of bugs. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Node's request, as Express extends it. */
export type WebhookMessage = IncomingMessage & { readonly originalUrl?: string; readonly body?: unknown };

/**
 * Answers what goes to /c/<id> or /c/<id>/<token> and leaves the rest to `next`; without `next` the rest is answered
 * 404. Never rejects. Anyone may mount it, before everything that reads bodies.
 */
export type WebhookHandler = (
  message: WebhookMessage,
  response: ServerResponse,
  next?: () => void,
) => Promise<void>;

/** Longest part of a header that somebody else has written which is logged. */
const MAX_FORWARDED = 200;

/** `address`: of the client, as far as proxies are trusted. */
function senderOf(message: WebhookMessage, address: string): NonNullable<RequestReport['sender']> {
  const forwarded = message.headers['x-forwarded-for'];
  const isOfConnection = message.socket.remoteAddress?.endsWith(address) === true && address !== '';
  if (forwarded === undefined || !isOfConnection) return { address };
  return { address, untrustedForwardedFor: String(forwarded).slice(0, MAX_FORWARDED) };
}

const PREFIX = '/c/';
/** An id, and the token of a secret URL: no percent escapes, no slash at the end, no second spelling of the same URL. */
const CONNECTOR_PATH = /^\/c\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\/([A-Za-z0-9_-]{1,64}))?$/;

export function createWebhookHandler(deps: IngressDeps): WebhookHandler {
  const { pipeline, observe = () => {}, inspect, now = Date.now } = deps;
  const limits = deps.limits ?? { ...DEFAULT_PIPELINE_LIMITS, ...DEFAULT_SERVER_LIMITS };
  const origin = deps.publicUrl?.replace(/\/+$/, '');
  const readAddress = createAddressReader(deps.trustProxy ?? []);
  const budget = createByteBudget(limits.inFlightBytes);
  const rows = createRows();

  return async (message, response, next) => {
    const started = performance.now();
    const { method = '', url = '', originalUrl = url } = message;
    const id = randomUUID();
    let bytes = 0;
    let arrived: ArrivedRequest | null = null;
    const settle = (outcome: Outcome, acknowledge?: AcknowledgePlan): void => {
      const answer = answerOf(outcome, acknowledge);
      const latencyMs = performance.now() - started;
      const report: RequestReport =
        outcome.code === 'address-not-allowed'
          ? {
              status: answer.status,
              method,
              latencyMs,
              bytes,
              sender: senderOf(message, readAddress(message)),
            }
          : { status: answer.status, method, latencyMs, bytes };
      observe(outcome, report);
      if (arrived !== null) inspect?.(arrived, outcome, report);
      if (isRead(message)) sendAnswer(response, answer);
      else sendEarly(message, response, answer);
    };

    // A proxy's form of the request line: its authority could differ from what the proxy before us has looked at.
    if (!originalUrl.startsWith('/'))
      return settle(rejected(id, null, 'request-malformed', 'send a path, not a whole URL'));
    if (!hasOneHost(message))
      return settle(rejected(id, null, 'request-malformed', 'send one Host header, with a host name in it'));
    const path = url.split('?', 1)[0] as string;
    if (!path.startsWith(PREFIX))
      return next === undefined ? settle(rejected(id, null, 'connector-unknown')) : next();
    const [, connector = '', token] = CONNECTOR_PATH.exec(path) ?? [];

    const headers = headersFromRaw(message.rawHeaders);
    const ip = readAddress(message);
    if (inspect !== undefined)
      arrived = { method, url: originalUrl, ip, headers, body: null, receivedAt: now() };
    const admission = pipeline.admit({ id, connector, token, method, ip, headers });
    if (!admission.ok) return settle(admission.outcome);

    const { coding, bodyProblem } = admission;
    // A ping of a type that no event has is small.
    const longest =
      bodyProblem === undefined ? limits.bodyBytes : Math.min(limits.bodyBytes, MAX_UNVERIFIED_JSON);
    const reading = await readBody(message, longest, budget, () => sendContinue(message));
    if (reading.kind === 'aborted') return;
    const { id: known } = admission.runner.plan;
    if (reading.kind === 'too-large' && bodyProblem !== undefined)
      return settle(rejected(id, known, bodyProblem.code, bodyProblem.detail));
    if (reading.kind === 'too-large')
      return settle(rejected(id, known, 'body-too-large', tooLarge(limits.bodyBytes)));
    if (reading.kind === 'overloaded') return settle(rejected(id, known, 'overloaded'));
    if (reading.kind === 'consumed') {
      const detail = 'the body was read before it came here: mount the webhook handler before body parsers';
      return settle(rejected(id, known, 'internal-error', detail));
    }
    const { body } = reading;
    bytes = body.length;
    if (arrived !== null) arrived = { ...arrived, body };
    const { urlKey } = admission;
    const turn = rows.turn(known);
    if (turn !== undefined) await turn;
    const received = {
      id,
      connector,
      urlKey,
      method,
      url: originalUrl,
      ip,
      headers,
      body,
      receivedAt: now(),
    };
    let request: PipelineRequest =
      origin === undefined ? received : { ...received, publicUrl: origin + originalUrl };
    let held = bytes;
    if (bodyProblem !== undefined) request = { ...request, bodyProblem };
    if (coding !== null) {
      const decoded = await decodeWithin(coding, body, limits.bodyBytes, budget);
      if (!decoded.ok) {
        budget.give(held);
        return settle(rejected(id, known, decoded.code, decoded.detail));
      }
      request = { ...request, body: decoded.body, sentBody: body };
      held += decoded.body.length;
    }
    const outcome = await pipeline.process(admission.runner, request);
    budget.give(held);
    settle(outcome, acknowledgeOf(admission.runner.plan));
  };
}

/** A name or address, and maybe a port (RFC 3986 3.2.2, 3.2.3). */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d{0,5})?$/;

/** Proxies before us may have looked at the other one: two, or what is none, is 400 (RFC 9112 3.2). HTTP/1.0 needs none. */
function hasOneHost({ rawHeaders, headers, httpVersion }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  if (count === 0) return httpVersion !== '1.1';
  return count === 1 && HOST.test(headers.host ?? '');
}
