/**
 * What every provider's package is held against: a genuine request is let in, and the same request is not once anything of
 * it has changed. Schemes come as a connector file writes them, and are verified as the ingress does.
 */
import { expect } from 'vitest';
import type { SignaturePlan } from '../../src/stages/plans.ts';
import { headersFromObject } from '../../src/stages/request.ts';
import { signRequest } from '../../src/workbench/sign/sign.ts';
import { judge, NOW, type Sent } from '../stages/signature/harness.ts';

/** One letter more, at the end. */
export function tampered(text: string): string {
  return `${text}x`;
}

/** The same length, one character changed: not by its case alone, which hex ignores, nor where padding hides it. */
export function changed(text: string): string {
  const at = text.search(/[0-9A-Za-z]{3}[0-9A-Za-z+/]*={0,2}$/) + 2;
  return text.slice(0, at) + (text[at]?.toUpperCase() === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

/** Lets the request in, and nothing that looks like it: other body, signature or secret, or no signature. */
export function expectGuarded(
  plan: SignaturePlan,
  sent: Sent,
  secret: string,
  otherSecret = tampered(secret),
): void {
  const verdict = (changes: Partial<Sent>, key = secret) => judge(plan, { ...sent, ...changes }, key);
  expect(verdict({})).toBe('ok');
  expect(verdict({ body: tampered(String(sent.body)) })).toBe('signature-mismatch');
  expect(verdict({ body: changed(String(sent.body)) })).toBe('signature-mismatch');
  expect(verdict({}, otherSecret)).not.toBe('ok');
  for (const name of plan.signature.headers ?? []) {
    const value = sent.headers?.[name];
    if (typeof value !== 'string') continue;
    const { [name]: _, ...others } = sent.headers ?? {};
    expect(verdict({ headers: { ...others, [name]: changed(value) } })).toBe('signature-mismatch');
    expect(verdict({ headers: others })).toBe('signature-missing');
  }
  if (plan.timestamp?.header === undefined || plan.timestamp.tolerance === 0) return;
  const late = NOW + plan.timestamp.tolerance + 1;
  expect(judge(plan, sent, secret, late)).toBe('signature-stale');
}

/** The request with the headers that our own signer adds. */
export function signed(
  plan: SignaturePlan,
  sent: Sent,
  secret: string,
): Sent & { readonly headers: Record<string, string> } {
  const { publicUrl, method = 'POST', body = '', headers = {} } = sent;
  const unsigned = {
    method,
    url: '/c/test',
    ...(publicUrl === undefined ? {} : { publicUrl }),
    headers: headersFromObject(headers),
    body: Buffer.from(body),
  };
  const result = signRequest(plan, unsigned, secret, NOW * 1000, 'genuine');
  if (!result.ok) throw new Error(result.reason);
  return { ...sent, headers: { ...(headers as Record<string, string>), ...result.headers } };
}

/** One header of a signed request. */
export function headerOf(sent: Sent, name: string): string {
  const value = sent.headers?.[name];
  if (typeof value !== 'string') throw new Error(`there is no header ${name}`);
  return value;
}
