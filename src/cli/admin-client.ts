/**
 * Talks to a running runtime's admin API. The token comes from SLUICE_ADMIN_TOKEN or from the state folder that the
 * runtime wrote it to. Answers are returned as they are; a refusal becomes a sentence for people.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MAX_WRAPPED_NESTING, parseJsonBody } from '../stages/json-text.ts';
import type { Context } from './context.ts';

export interface AdminOptions {
  /** Base URL, such as http://127.0.0.1:8081. */
  readonly admin: string;
  /** State folder of the runtime, where its token is kept. */
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

const TIMEOUT_MS = 30_000;

export async function callAdmin<T>(
  context: Context,
  options: AdminOptions,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs: number = TIMEOUT_MS,
): Promise<AdminAnswer<T>> {
  const token = readToken(context, options);
  let response: Response;
  try {
    response = await fetch(new URL(path, options.admin), {
      method,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const message = `no runtime answers at ${options.admin} (${reason}): start one with \`sluice serve\` or \`npm start\`, or say where it is with --admin`;
    return { ok: false, unreachable: true, status: null, message };
  }
  const text = await response.text();
  const value = parse(text);
  if (response.ok) return { ok: true, value: value as T };
  if (response.status === 401) {
    const message = `${options.admin} refused the token: set SLUICE_ADMIN_TOKEN, or name the runtime's state folder with --state (now "${options.state}")`;
    return { ok: false, unreachable: false, status: 401, message };
  }
  const detail = (value as { detail?: string; title?: string } | null)?.detail ?? text.slice(0, 300);
  return {
    ok: false,
    unreachable: false,
    status: response.status,
    message: `${options.admin} answered ${response.status}: ${detail}`,
  };
}

function readToken(context: Context, options: AdminOptions): string | null {
  const given = context.env.SLUICE_ADMIN_TOKEN;
  if (given !== undefined && given !== '') return given;
  try {
    return readFileSync(join(resolve(context.cwd, options.state), 'admin-token'), 'utf8').trim();
  } catch {
    return null;
  }
}

/** Integers past 2^53 keep their digits: samples have them. */
function parse(text: string): unknown {
  const parsed = parseJsonBody(Buffer.from(text), MAX_WRAPPED_NESTING);
  return parsed.ok ? parsed.value : null;
}
