/**
 * Talks to a running runtime's admin API. The token comes from SLUICE_ADMIN_TOKEN or from the state folder that the
 * runtime wrote it to. Answers are returned as they are; a refusal becomes a sentence for people.
 */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AnswerTo, addressOf, type CallTo, type Route } from '../admin-api/routes.ts';
import { ADMIN_TOKEN_FILE } from '../runtime/admin/admin-token.ts';
import { readOwnSync } from '../runtime/state-folder/open-own.ts';
import { MAX_WRAPPED_NESTING, parseJsonBody } from '../stages/json/json-text.ts';
import { adminAddress } from './admin-address.ts';
import type { Context } from './context.ts';

export interface AdminOptions {
  /** Base URL, such as http://127.0.0.1:8081. Default: what the runtime left in its state folder. */
  readonly admin?: string;
  /** State folder of the runtime, where its token and its address are. */
  readonly state: string;
}

export type AdminAnswer<T> =
  | { readonly ok: true; readonly value: T }
  /** `unreachable`: nothing listens there, so that an offline way may be taken. */
  | {
      readonly ok: false;
      readonly unreachable: boolean;
      readonly status: number | null;
      readonly message: string;
    };

type Failure = Extract<AdminAnswer<never>, { ok: false }>;

interface Sending {
  readonly accept?: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** Longer than any token is. */
const MAX_TOKEN_BYTES = 4096;
/** Of one line that a runtime streams: a trigger is smaller than the body that it was made of. */
const MAX_LINE_CHARACTERS = 64 * 1024 * 1024;

export async function callAdmin<R extends Route>(
  context: Context,
  options: AdminOptions,
  route: R,
  call: CallTo<R>,
): Promise<AdminAnswer<AnswerTo<R>>> {
  const response = await request(context, options, route, call);
  if ('message' in response) return response;
  return { ok: true, value: parse(await text(response)) as AnswerTo<R> };
}

/** For work that takes its time: each line of the answer is handed over as it comes. Not ok also when the answer breaks off. */
export async function streamAdmin<R extends Route>(
  context: Context,
  options: AdminOptions,
  route: R,
  call: CallTo<R> & Required<Sending>,
  onLine: (line: unknown) => void,
): Promise<AdminAnswer<null>> {
  const response = await request(context, options, route, call);
  if ('message' in response) return response;
  let rest = '';
  try {
    for await (const piece of response.setEncoding('utf8')) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() as string;
      if (rest.length > MAX_LINE_CHARACTERS) throw new Error('a line of the answer does not end');
      for (const line of lines) onLine(parse(line));
    }
  } catch (error) {
    const message = `the answer of ${adminAddress(context.cwd, options)} broke off (${reasonOf(error)})`;
    return { ok: false, unreachable: false, status: response.statusCode ?? null, message };
  }
  return { ok: true, value: null };
}

/** The answer, where it is one that says yes. */
async function request(
  context: Context,
  options: AdminOptions,
  route: Route,
  call: Sending & { readonly id?: string; readonly body?: unknown; readonly query?: Record<string, string> },
): Promise<IncomingMessage | Failure> {
  const { body, accept = 'application/json', timeoutMs = TIMEOUT_MS } = call;
  const { method, path } = addressOf(route, call);
  const token = readToken(context, options);
  const address = adminAddress(context.cwd, options);
  const headers = {
    accept,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? undefined : JSON.stringify(body);
  let response: IncomingMessage;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    response = await send(new URL(path, address), { method, headers, signal }, sent);
  } catch (error) {
    const message = `no runtime answers at ${address} (${reasonOf(error)}): start one with \`sluice serve\` or \`npm start\`, or say where it is with --admin`;
    return { ok: false, unreachable: true, status: null, message };
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  if (status === 401) {
    response.resume();
    const message = `${address} refused the token: set SLUICE_ADMIN_TOKEN, or name the runtime's state folder with --state (now "${options.state}")`;
    return { ok: false, unreachable: false, status: 401, message };
  }
  const said = await text(response);
  const problem = (parse(said) as { detail?: string } | null)?.detail ?? null;
  const detail = problem ?? said.slice(0, 300);
  // Who says so is of no interest where the runtime names what it does not have.
  const message = status === 404 && problem !== null ? problem : `${address} answered ${status}: ${detail}`;
  return { ok: false, unreachable: false, status, message };
}

/** By node:http, as loading fetch takes longer than most commands do. Follows no redirect: the token is for one address. */
function send(url: URL, options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    start(url, { ...options, agent: false })
      .once('response', resolve)
      .once('error', reject)
      .end(body);
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails once for each; a timeout is the cause of an abort.
  const first = error instanceof AggregateError ? error.errors[0] : error.cause;
  return first instanceof Error ? first.message : error.message;
}

function readToken(context: Context, options: AdminOptions): string | null {
  const given = context.env.SLUICE_ADMIN_TOKEN;
  if (given !== undefined && given !== '') return given;
  try {
    return readOwnSync(resolve(context.cwd, options.state), ADMIN_TOKEN_FILE, MAX_TOKEN_BYTES).trim();
  } catch {
    return null;
  }
}

/** Integers past 2^53 keep their digits: samples have them. */
function parse(text: string): unknown {
  const parsed = parseJsonBody(Buffer.from(text), MAX_WRAPPED_NESTING);
  return parsed.ok ? parsed.value : null;
}
