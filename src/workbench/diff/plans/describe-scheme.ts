/** A signature scheme in words: what is verified, and from where. No secret, only their names. */
import type { SignaturePlan, TemplateToken } from '../../../stages/plans.ts';

/** One line, such as `preset stripe: hmac sha256 hex in stripe-signature (v1=) over "[timestamp].[payload]"`. */
export function describeScheme(plan: SignaturePlan): string {
  const { preset, type, algorithm, digest, signature, template } = plan;
  const place =
    signature.body !== undefined
      ? `body ${signature.body}`
      : signature.query !== undefined
        ? `query ${signature.query}`
        : (signature.headers ?? []).join(' or ');
  const mark =
    signature.parsePrefix ?? (signature.position === undefined ? undefined : `from ${signature.position}`);
  const prefix = mark === undefined ? '' : ` (${mark})`;
  const method = type === 'hmac' || type === 'hash' ? `${type} ${algorithm} ${digest}` : type;
  const over = ['token', 'basic', 'jwt'].includes(type)
    ? ''
    : ` over "${template.map(describeToken).join('')}"`;
  const bodyHash =
    plan.bodyHash === undefined
      ? ''
      : `, ${plan.bodyHash.algorithm} ${plan.bodyHash.digest} of the body in ${plan.bodyHash.query === undefined ? `claim ${plan.bodyHash.claim}` : `?${plan.bodyHash.query}`}`;
  return `${preset === undefined ? '' : `preset ${preset}: `}${method} in ${place}${prefix}${over}${bodyHash}`;
}

/** As it stands in a template. */
export function describeToken(token: TemplateToken): string {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'header':
    case 'headers':
      return `[${token.kind}:${token.name}]`;
    case 'query':
      return `[query:${token.name}${token.anyCase === true ? ':any-case' : ''}]`;
    case 'body':
      return `[body:${token.path}]`;
    case 'form':
      return '[form:sorted]';
    case 'fields':
      return `[fields:${token.names.join(',')}]`;
    default:
      return `[${token.kind}]`;
  }
}
