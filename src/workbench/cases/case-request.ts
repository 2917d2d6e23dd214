/** A case's request as the runtime would see it: body, headers and signature put together. Says what is wrong with a case. */

import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { Case } from '../../generated/case.ts';
import { createUrlKeys, type UrlKeys } from '../../runtime/pipeline/url-keys.ts';
import { parseJsonBody, stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { headersFromObject, type WebhookRequest } from '../../stages/request.ts';
import { type SecretReference, secretName } from '../../stages/secrets.ts';
import { contentTypeOf } from '../sign/body-text.ts';
import { signRequest } from '../sign/sign.ts';
import { type Edit, editJson } from './edit-json.ts';
import { makeSecret } from './example-secrets.ts';

export type BuiltRequest =
  | {
      readonly ok: true;
      /** `token`: what follows the id in the URL. */
      readonly request: WebhookRequest & { readonly token?: string };
      /** null: the connector does without. */
      readonly urlKeys: UrlKeys | null;
      readonly secrets: (reference: SecretReference) => string | undefined;
      readonly now: number;
    }
  | { readonly ok: false; readonly message: string };

const DEFAULT_NOW = '2025-01-01T00:00:00Z';
/** What secret URLs are made with here: cases show that a token is asked for, not which. */
export const CASE_URL_KEYS = createUrlKeys(['the key of all cases, known to everybody']);
const OTHER_URL_KEYS = createUrlKeys(['another key, which makes wrong tokens']);

/** Puts one case together. Secrets that it does not give are made up; the clock is the case's own. */
export function buildRequest(connector: CompiledConnector, plan: ConnectorPlan, one: Case): BuiltRequest {
  const { request } = one;
  const now = Date.parse(one.now ?? DEFAULT_NOW);
  const source = chooseBody(connector, one);
  if (!source.ok) return source;
  const method = request.method ?? plan.methods[0] ?? 'POST';
  if (plan.urlKey && plan.signature === null && request.sign === 'stale')
    return wrong('a URL key knows no time: `sign` can be genuine or wrong');
  const token = plan.urlKey ? tokenOf(plan, request.sign) : undefined;
  const publicUrl =
    request.url ?? `https://hooks.example.com/c/${plan.id}${token === undefined ? '' : `/${token}`}`;
  const url = new URL(publicUrl);
  const path = `${url.pathname}${url.search}`;
  const headers: Record<string, string | string[]> = {
    ...contentTypeOf(plan),
    ...source.headers,
    ...lowerCased(request.headers ?? {}),
  };
  const made = new Map<string, string>();
  const secrets = (reference: SecretReference): string | undefined => {
    const given = one.secrets?.['env' in reference ? reference.env : reference.file];
    return given ?? made.get(secretName(reference));
  };
  for (const reference of plan.signature?.secrets ?? []) {
    const secret = plan.signature === null ? null : makeSecret(plan.signature);
    if (secret !== null) made.set(secretName(reference), secret);
  }
  if (plan.signature?.username !== undefined) made.set(secretName(plan.signature.username), 'example');
  if (request.sign !== undefined && !(plan.urlKey && plan.signature === null)) {
    if (plan.signature === null) return wrong('`sign` asks for a signature, but the connector has no scheme');
    const reference = plan.signature.secrets[0];
    const secret = reference === undefined ? undefined : secrets(reference);
    if (secret === undefined) return wrong('`sign` needs the secret: give it under `secrets`');
    const unsigned = { method, url: path, publicUrl, headers: headersFromObject(headers), body: source.body };
    const user = plan.signature.username === undefined ? undefined : secrets(plan.signature.username);
    const signed = signRequest(plan.signature, unsigned, secret, now, request.sign, user);
    if (!signed.ok) return wrong(`cannot sign: ${signed.reason}`);
    // A header that the case spells out stays as it is.
    const spelledOut = lowerCased(request.headers ?? {});
    for (const [name, value] of Object.entries(signed.headers)) headers[name] = spelledOut[name] ?? value;
  }
  return {
    ok: true,
    now,
    secrets,
    urlKeys: plan.urlKey ? CASE_URL_KEYS : null,
    request: {
      id: 'case',
      ...(token === undefined ? {} : { token }),
      method,
      url: path,
      publicUrl,
      ip: request.ip ?? '203.0.113.9',
      headers: headersFromObject(headers),
      body: source.body,
      receivedAt: now,
    },
  };
}

/** Where a signature proves the request too, `sign` is about that one. */
function tokenOf(plan: ConnectorPlan, sign: Case['request']['sign']): string | undefined {
  if (plan.signature === null && sign === undefined) return undefined;
  const keys = plan.signature === null && sign === 'wrong' ? OTHER_URL_KEYS : CASE_URL_KEYS;
  return keys.tokensOf(plan.id)[0];
}

type Body =
  | { readonly ok: true; readonly body: Buffer; readonly headers: Record<string, string | string[]> }
  | { readonly ok: false; readonly message: string };

function chooseBody(connector: CompiledConnector, { request }: Case): Body {
  if (request.body !== undefined) return { ok: true, body: Buffer.from(request.body), headers: {} };
  const edit: Edit = { set: request.set ?? {}, remove: request.remove ?? [] };
  if (request.json !== undefined) return edited(request.json as JsonValue, {}, edit);
  if (request.bodyFile !== undefined) {
    const file = connector.bodyFiles.get(request.bodyFile);
    if (file === undefined) return wrong(`there is no file "${request.bodyFile}" in the connector's folder`);
    if (request.set === undefined && request.remove === undefined)
      return { ok: true, body: file, headers: {} };
    const parsed = parseJsonBody(file);
    return parsed.ok
      ? edited(parsed.value, {}, edit)
      : wrong(`"${request.bodyFile}" is not JSON: ${parsed.detail}`);
  }
  const sample =
    request.sample === undefined
      ? connector.samples[0]
      : connector.samples.find((one) => one.name === request.sample);
  if (sample === undefined) {
    const known = connector.samples.map((one) => one.name).join(', ');
    return wrong(
      request.sample === undefined
        ? 'the connector has no sample; give body, json or bodyFile'
        : `there is no sample "${request.sample}"; the connector has ${known}`,
    );
  }
  return edited(sample.body, Object.fromEntries(sample.headers.entries()), edit);
}

function edited(value: JsonValue, headers: Record<string, string>, edit: Edit): Body {
  const result = editJson(value, edit);
  return result.ok ? { ok: true, body: Buffer.from(stringifyJson(result.value)), headers } : result;
}

function lowerCased(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

function wrong(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
