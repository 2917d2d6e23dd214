/**
 * The challenge that a 401 carries. In: a plan. Out: the authentication scheme that the connector takes, as far as HTTP
 * knows it: clients of Basic wait for it before they send their password. Says nothing about secrets.
 */
import type { SignaturePlan } from '../plans.ts';
import { schemeOf } from './header-values.ts';

export function authenticateHeader({ type, signature }: SignaturePlan): string {
  const scheme = type === 'basic' ? 'basic' : schemeOf(signature.parsePrefix ?? '');
  if (scheme === 'basic') return 'Basic realm="connector", charset="UTF-8"';
  return scheme === 'bearer' ? 'Bearer' : 'Signature';
}
