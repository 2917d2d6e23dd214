/**
 * Stage 3, as far as the head decides it. In: content-type and content-encoding, and what the connector takes. Out: the
 * coding to undo, or what is not supported. Labels that change nothing about UTF-8 are no reason to refuse: bytes decide.
 */
import { isMultipart } from '../../stages/body/multipart-body.ts';
import type { BodyPlan } from '../../stages/plans.ts';
import type { RequestHeaders } from '../../stages/request.ts';

export type ContentCoding = 'gzip' | 'deflate' | 'br';

export interface BodyProblem {
  readonly code: 'body-encoding-unsupported' | 'body-type-unsupported' | 'request-malformed';
  readonly detail: string;
}

export type BodyType =
  /** null: the body is as it was sent. */
  { readonly ok: true; readonly coding: ContentCoding | null } | ({ readonly ok: false } & BodyProblem);

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const AS_SENT = { ok: true, coding: null } as const;

/** Senders name all sorts of types, or none: only what is certainly something else is refused. */
export function readBodyType(headers: RequestHeaders, wanted: BodyPlan['body']): BodyType {
  const types = headers.all('content-type');
  const encodings = headers.all('content-encoding');
  // A proxy may have looked at the one copy and Sluice at the other.
  if (types.length > 1 || encodings.length > 1) {
    return refuse('request-malformed', 'content-type or content-encoding is sent more than once');
  }
  const contentType = types[0];
  // By far the most frequent one needs no look at its parameters.
  const type =
    contentType === undefined || contentType === JSON_TYPE ? (contentType ?? '') : mediaTypeOf(contentType);
  const problem = checkMediaType(type, wanted);
  if (problem !== null) return problem;
  return encodings[0] === undefined ? AS_SENT : readCoding(encodings[0]);
}

/** Some senders write the charset where a coding belongs. */
function readCoding(label: string): BodyType {
  switch (label.trim().toLowerCase()) {
    case '':
    case 'identity':
    case 'utf-8':
    case 'utf8':
      return AS_SENT;
    case 'gzip':
    case 'x-gzip':
      return { ok: true, coding: 'gzip' };
    case 'deflate':
      return { ok: true, coding: 'deflate' };
    case 'br':
      return { ok: true, coding: 'br' };
    default:
      return refuse(
        'body-encoding-unsupported',
        'send the body without content-encoding, or with one of gzip, deflate and br',
      );
  }
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}

function checkMediaType(type: string, wanted: BodyPlan['body']): BodyType | null {
  const isForm = type === FORM || type.startsWith('multipart/');
  switch (wanted) {
    case 'json':
      return isForm
        ? refuse('body-type-unsupported', 'send JSON, with content-type: application/json')
        : null;
    case 'form':
      return type === FORM || type === '' || isMultipart(type)
        ? null
        : refuse('body-type-unsupported', `send a form, with content-type: ${FORM} or multipart/form-data`);
    case 'xml':
      return isForm || type === JSON_TYPE
        ? refuse('body-type-unsupported', 'send XML, with content-type: application/xml')
        : null;
    case 'text':
      return isForm ? refuse('body-type-unsupported', 'send text, with content-type: text/plain') : null;
    // What has no body has no type.
    case 'none':
      return null;
  }
}

function refuse(code: BodyProblem['code'], detail: string): BodyType {
  return { ok: false, code, detail };
}
