/**
 * A request that has come in, as the inspector shows it. In: the request, its outcome, what the log knows. Out: texts, a
 * verdict for each stage, and the curl command that sends it again. Credentials are left out of all of them.
 */
import type { Outcome } from '../outcomes/outcome.ts';
import type { ArrivedRequest, RequestReport } from '../runtime/ingress/webhook-handler.ts';
import { parseFormBody } from '../stages/body/form-body.ts';
import { parseJsonBody, stringifyJson } from '../stages/json/json-text.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import { isCredentialHeader } from '../stages/script/script-request.ts';
import type { PageRequest } from './api.ts';
import { escapeText } from './escape-text.ts';

const MAX_BODY = 100_000;

/** In the order in which a request meets them. */
const STAGES = [
  'address',
  'signature',
  'first contact',
  'when',
  'paused',
  'shape',
  'mapping',
  'target',
] as const;
type Stage = (typeof STAGES)[number];

/** Where each code is decided; what is not named is decided before the first stage. */
const DECIDED_AT: Readonly<Record<string, Stage>> = {
  'address-not-allowed': 'address',
  'signature-mismatch': 'signature',
  'signature-missing': 'signature',
  'signature-stale': 'signature',
  'signature-time-unreadable': 'signature',
  'keys-pending': 'signature',
  'secret-missing': 'signature',
  'public-url-missing': 'signature',
  handshake: 'first contact',
  disabled: 'when',
  'body-malformed': 'when',
  captured: 'when',
  'when-differs': 'when',
  'when-missing': 'when',
  paused: 'paused',
  'no-sample': 'shape',
  'shape-changed': 'shape',
  'idempotency-missing': 'mapping',
  'mapping-failed': 'mapping',
  'card-expired': 'mapping',
  'trigger-invalid': 'mapping',
  'script-error': 'mapping',
  'script-timeout': 'mapping',
  'script-memory': 'mapping',
  'script-unavailable': 'mapping',
  'script-ignored': 'mapping',
  'no-targets': 'mapping',
  'no-elements': 'shape',
  'target-refused': 'target',
  undelivered: 'target',
  duplicate: 'target',
  delivered: 'target',
};

export function pageRequest(
  arrived: ArrivedRequest,
  outcome: Outcome,
  report: RequestReport,
  ingress: string,
): PageRequest {
  const { method, receivedAt } = arrived;
  const body = arrived.body ?? Buffer.alloc(0);
  const value = parse(body, arrived);
  const headers = [...arrived.headers.entries()].filter(
    ([name]) => !isCredentialHeader(name) && !DULL.has(name),
  );
  const path = arrived.url.split('?', 1)[0] ?? '';
  return {
    id: outcome.requestId,
    connector: outcome.connector,
    receivedAt,
    latencyMs: Math.round(report.latencyMs * 10) / 10,
    method,
    status: report.status,
    outcome: outcome.outcome,
    code: outcome.code,
    stages: stagesOf(outcome),
    headers: headers.map(([name, text]) => [name, escapeText(text)] as const),
    body: escapeText(
      value === null ? body.toString('utf8').slice(0, MAX_BODY) : stringifyJson(value, 2).slice(0, MAX_BODY),
    ),
    differences: outcome.outcome === 'held' ? outcome.differences : [],
    triggers:
      'triggers' in outcome
        ? outcome.triggers.map(({ trigger }) => escapeText(stringifyJson(trigger, 2)))
        : [],
    sample:
      value === null
        ? null
        : stringifyJson({ headers: Object.fromEntries(headers), body: value }, 2).slice(0, 1_000_000),
    curl: curlOf(method, `${ingress}${path}`, headers, body.toString('utf8').slice(0, MAX_BODY)),
  };
}

/** What every client sends. */
const DULL = new Set(['host', 'connection', 'content-length', 'accept', 'accept-encoding', 'user-agent']);

function parse(body: Buffer, { headers }: ArrivedRequest): JsonValue | null {
  const isForm = headers.all('content-type').some((type) => type.includes('form-urlencoded'));
  const parsed = isForm ? parseFormBody(body) : parseJsonBody(body);
  return parsed.ok ? parsed.value : null;
}

/** Those before the one that decided have passed. */
function stagesOf({ outcome, code }: Outcome): PageRequest['stages'] {
  const decided = DECIDED_AT[code];
  const at = decided === undefined ? -1 : STAGES.indexOf(decided);
  const isGood = outcome === 'delivered' || outcome === 'answered' || outcome === 'captured';
  return STAGES.map((name, index) => ({
    name,
    verdict: index > at ? 'not reached' : index < at || isGood ? 'passed' : 'failed',
  }));
}

function curlOf(
  method: string,
  url: string,
  headers: readonly (readonly [string, string])[],
  body: string,
): string {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const lines = [
    `curl -X ${method} ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
  ];
  return [...lines, ...(body === '' ? [] : [`--data-raw ${quote(body)}`])].join(' \\\n  ');
}
