/**
 * What the host and a script process say to each other. The process ran foreign code, so the host checks every reply
 * as it would check a stranger's, and nothing of a reply reaches an operator uncleaned.
 */
import type { ScriptFailureCode, ScriptResult } from '../../stages/script/script-runner.ts';

/** Longest result of a script, in UTF-16 units of its JSON text. */
export const MAX_RESULT_LENGTH = 1024 * 1024;

/** Deepest nesting of a result: what comes after it walks it recursively. */
export const MAX_RESULT_DEPTH = 64;

/** Longest error message of a script that is passed on. */
export const MAX_MESSAGE_LENGTH = 500;

/** Most paths that a trace reports; a mapping that reads more cannot be checked path by path anyway. */
export const MAX_READS = 2000;

/** Head of a frame to the process; its text is the request as JSON. */
export interface CallHead {
  readonly id: number;
  /** Key of the script; `source` comes with it until the process has said that it keeps the script. */
  readonly digest: string;
  readonly source?: string;
  readonly timeoutMs: number;
  readonly trace: boolean;
}

/** Head of a frame from the process; with `done`, the frame's text is the result as JSON. */
export type ReplyHead =
  | { readonly status: 'ready' }
  | { readonly status: 'broken'; readonly message: string }
  | { readonly status: 'source-needed'; readonly id: number }
  | ({
      readonly id: number /** The process has grown and wants to be replaced. */;
      readonly retire: boolean;
      /** Processor time that the call took. */
      readonly tookMs: number;
    } & ({ readonly status: 'done'; readonly reads?: readonly string[] } | Failure));

export interface Failure {
  readonly status: 'failed';
  readonly code: Exclude<ScriptFailureCode, 'script-unavailable'>;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** null: not a reply. */
export function readReply(head: unknown): ReplyHead | null {
  if (typeof head !== 'object' || head === null) return null;
  const { status, id, message, retire, tookMs, code, reads, line, column } = head as Record<string, unknown>;
  if (status === 'ready') return { status };
  if (status === 'broken') return { status, message: cleanMessage(message) };
  if (typeof id !== 'number') return null;
  if (status === 'source-needed') return { status, id };
  if (typeof tookMs !== 'number' || !(tookMs >= 0)) return null;
  const common = { id, retire: retire === true, tookMs };
  if (status === 'done') {
    if (reads === undefined) return { ...common, status };
    return isReads(reads) ? { ...common, status, reads } : null;
  }
  if (status !== 'failed') return null;
  if (code !== 'script-error' && code !== 'script-timeout' && code !== 'script-memory') return null;
  return {
    ...common,
    status,
    code,
    message: cleanMessage(message),
    ...(isPosition(line) ? { line } : {}),
    ...(isPosition(column) ? { column } : {}),
  };
}

/** What a reply says of the script; `text` is that of its frame. null: not what a script process sends. */
export function resultOf(
  reply: ReplyHead & { status: 'done' | 'failed' },
  text: string,
): ScriptResult | null {
  if (reply.status === 'failed') {
    const { code, message, line, column } = reply;
    return {
      ok: false,
      code,
      message,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  }
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value, ...(reply.reads === undefined ? {} : { reads: reply.reads }) };
  } catch {
    return null;
  }
}

/** One line of bounded length without control and bidirectional formatting characters, fit for a terminal and a log. */
export function cleanMessage(message: unknown): string {
  if (typeof message !== 'string' || message === '') return 'no message';
  const line = message
    .slice(0, 2 * MAX_MESSAGE_LENGTH)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .trim();
  const cut = line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH - 3)}...` : line;
  return cut.toWellFormed() || 'no message';
}

function isReads(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_READS && value.every((path) => typeof path === 'string');
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
