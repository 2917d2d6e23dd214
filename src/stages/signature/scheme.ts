/** A signature scheme on its way from spec to plan, and what its parts say about each other. */
import type { Signature } from '../../generated/connector.ts';
import type { BodyPlan, SignaturePlan, TemplateToken } from '../plans.ts';
import type { SecretReference } from '../secrets.ts';

export interface Scheme {
  /** As the file has it. */
  readonly given: Signature;
  /** The file's over the preset's, where there is one. */
  readonly merged: Signature;
  readonly type: SignaturePlan['type'];
  /** Of the template, as far as it could be read; empty for types that sign no text. */
  readonly tokens: readonly TemplateToken[];
  /** How the connector reads bodies; undefined: nothing is known of it. */
  readonly body: BodyPlan['body'] | undefined;
  /** The pointer of a field, or of the whole signature where the field does not stand in the file. */
  readonly at: (field: keyof Signature) => string;
}

export function secretsOf({ sharedSecret }: Signature): readonly SecretReference[] {
  if (sharedSecret === undefined) return [];
  return Array.isArray(sharedSecret) ? sharedSecret : [sharedSecret];
}

/** True when the time that freshness is judged by cannot be changed without breaking the signature. */
export function signsTimestamp(
  { timestamp, bodyHash }: Signature,
  tokens: readonly TemplateToken[],
): boolean {
  if (timestamp === undefined) return false;
  const header = timestamp.header?.toLowerCase();
  const isInQuery = timestamp.query !== undefined;
  return tokens.some((token) => {
    if (token.kind === 'timestamp') return true;
    // A list that leaves the time out is refused when it comes.
    if (token.kind === 'headers') return header !== undefined;
    if (token.kind === 'header') return token.name === header;
    if (isInQuery) return token.kind === 'url' || token.kind === 'path';
    if (timestamp.body === undefined) return false;
    return (
      token.kind === 'payload' ||
      bodyHash !== undefined ||
      (token.kind === 'body' && token.path === timestamp.body) ||
      (token.kind === 'fields' && token.names.some((name) => timestamp.body === `$.${name}`))
    );
  });
}

/** Tokens that stand for everything that a body of their kind says. */
const COVERING: ReadonlySet<TemplateToken['kind']> = new Set<TemplateToken['kind']>(['payload', 'form']);

/** What the signature proves: a change to any of it makes the request a forgery. */
export function coverageOf({ merged, type, tokens }: Scheme): SignaturePlan['covers'] {
  if (type === 'jwt') {
    return { body: merged.bodyHash?.claim !== undefined, headers: [], timestamp: merged.jwt?.maxAge !== 0 };
  }
  const headers = tokens.flatMap((token) => (token.kind === 'header' ? [token.name] : []));
  return {
    body: merged.bodyHash !== undefined || tokens.some(({ kind }) => COVERING.has(kind)),
    headers: [...new Set(headers)].sort(),
    timestamp: signsTimestamp(merged, tokens),
  };
}
