/** Refusals of the admin API: RFC 9457 problem details. Says what to do about it; holds no secrets and no payloads. */
import type { Response } from 'express';

export interface Problem {
  readonly status: number;
  /** One sentence: what is wrong and what to do. */
  readonly detail: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be used',
  401: 'A token is needed',
  403: 'Not from here',
  404: 'There is no such thing',
  405: 'The method is not allowed here',
  409: 'Not in this state',
  413: 'The body is too large',
  415: 'JSON is needed',
  500: 'Internal error',
  503: 'Not possible at the moment',
};

/** What kind of problem it is, for programs: as the codes of the ingress are. */
const CODES: Readonly<Record<number, string>> = {
  400: 'request-unusable',
  401: 'token-missing',
  403: 'origin-refused',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'state-conflict',
  413: 'body-too-large',
  415: 'media-type-unsupported',
  500: 'internal-error',
  503: 'not-possible-now',
};

export function sendProblem(response: Response, { status, detail }: Problem): void {
  if (response.headersSent) return;
  response.status(status).type('application/problem+json');
  const type = `urn:sluice:problem:${CODES[status] ?? 'refused'}`;
  response.send(JSON.stringify({ type, title: TITLES[status] ?? 'Refused', status, detail }));
}
