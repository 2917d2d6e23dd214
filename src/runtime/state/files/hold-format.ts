/** One held request as a file and back. Big integers in triggers keep their digits. A file that makes no sense is null. */
import { createHash } from 'node:crypto';
import type { Hold, StoredRequest } from '../../../admin-api/records.ts';
import { canonicalJson, parseCanonicalJson } from '../../../bundle/canonical-json.ts';
import type { OutgoingTrigger } from '../../../outcomes/delivery.ts';
import { isJsonObject } from '../../../stages/json/json-value.ts';
import type { NewHold } from '../state.ts';

export const HOLD_FORMAT = 1;

export function newHold(hold: NewHold, id: string): Hold {
  const { grade: _grade, pauseAfter: _pauseAfter, ...kept } = hold;
  return {
    format: HOLD_FORMAT,
    id,
    ...kept,
    count: 1,
    attempts: 0,
    nextAttemptAt: hold.nextAttemptAt ?? null,
  };
}

export function encodeHold(hold: Hold): Buffer {
  return Buffer.from(`${canonicalJson(hold)}\n`);
}

/** null: unreadable, or not the hold that its place says it is. */
export function decodeHold(bytes: Buffer, connector: string, id: string): Hold | null {
  let value: unknown;
  try {
    value = parseCanonicalJson(bytes.toString('utf8'));
  } catch {
    return null;
  }
  if (
    !isJsonObject(value) ||
    value.format !== HOLD_FORMAT ||
    value.connector !== connector ||
    value.id !== id
  )
    return null;
  const isWhole =
    TEXTS.every((key) => typeof value[key] === 'string') &&
    NUMBERS.every((key) => typeof value[key] === 'number') &&
    NULLABLE_TEXTS.every((key) => value[key] === null || typeof value[key] === 'string') &&
    isMode(value.mode) &&
    (value.nextAttemptAt === null || typeof value.nextAttemptAt === 'number') &&
    (value.elements === null || Array.isArray(value.elements)) &&
    (value.requestDigest === undefined || typeof value.requestDigest === 'string') &&
    Array.isArray(value.differences) &&
    isStoredRequest(value.request) &&
    Array.isArray(value.triggers) &&
    value.triggers.every((trigger) => isOutgoing(trigger, connector));
  if (!isWhole) return null;
  const hold = value as unknown as Hold;
  // Earlier versions took the event id for the request: theirs is the same as a retry only to themselves.
  return hold.requestDigest === undefined
    ? { ...hold, requestDigest: digestOfBody(hold.request.body) }
    : hold;
}

function digestOfBody(base64: string): string {
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
}

const TEXTS = ['requestId', 'code', 'message', 'behaviour'] as const;
const NUMBERS = ['receivedAt', 'count', 'attempts'] as const;
const NULLABLE_TEXTS = ['sourceId', 'verifiedBy'] as const;

function isMode(value: unknown): boolean {
  return value === 'test' || value === 'live';
}

function isStoredRequest(value: unknown): value is StoredRequest {
  return (
    isJsonObject(value) &&
    ['method', 'url', 'ip', 'body'].every((key) => typeof value[key] === 'string') &&
    Array.isArray(value.headers) &&
    value.headers.every(
      (line) => Array.isArray(line) && line.length === 2 && line.every((part) => typeof part === 'string'),
    )
  );
}

/** A trigger that is sent as it stands here must be this connector's, and say which mode it is for. */
function isOutgoing(value: unknown, connector: string): value is OutgoingTrigger {
  return (
    isJsonObject(value) &&
    value.connector === connector &&
    isMode(value.mode) &&
    ['requestId', 'actionFlow', 'flowInvocationId'].every((key) => typeof value[key] === 'string') &&
    (value.target === undefined || typeof value.target === 'string') &&
    isJsonObject(value.trigger)
  );
}
