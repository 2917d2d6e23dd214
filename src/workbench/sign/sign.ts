/**
 * The sender's side, for test requests: in, a plan, a request and a secret; out, the headers that a genuine sender would
 * add, or headers that are wrong or stale on purpose. Serves cases and `send`, never the ingress: nothing that a caller
 * of a connector sends is ever signed.
 */
import { createHash, sign } from 'node:crypto';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { SignaturePlan } from '../../stages/plans.ts';
import { headersFromRaw } from '../../stages/request.ts';
import { parseForSignature } from '../../stages/signature/body-values.ts';
import { isPublicKeyType, type Key, readKey, readPrivateKey } from '../../stages/signature/keys.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { joinPieces, keyedDigest } from '../../stages/signature/proof.ts';
import { materialiseTimestamp } from '../../stages/signature/read-proof.ts';
import { materialiseTemplate, type Piece } from '../../stages/signature/signed-text.ts';
import { formatTimestamp } from '../../stages/signature/timestamp.ts';
import { hasBodyHash } from '../../stages/signature/verify.ts';
import { signToken } from './sign-token.ts';
import type { Signing, SignResult, UnsignedRequest } from './signing.ts';

/** How much older than the tolerance a stale request is: no clock of a test is that far off. */
const STALE_MARGIN = 60_000;

/**
 * `now` in milliseconds since the epoch. The secret of a public-key scheme is the private key in PEM. `user`: of type basic,
 * where it is a secret of its own.
 */
export function signRequest(
  plan: SignaturePlan,
  request: UnsignedRequest,
  secret: string,
  now: number,
  how: Signing,
  user = '',
): SignResult {
  const { headers: names = [], parsePrefix = '' } = plan.signature;
  const [name] = names;
  if (plan.certificate !== undefined || plan.jwt?.keys !== undefined)
    return cannot('only the sender has the key that this is signed with');
  if (name === undefined) {
    const [place, what] = plan.signature.query === undefined ? ['body', 'body'] : ['query', 'URL'];
    return cannot(`the signature stands in the ${place}: write a signed ${what} into the case`);
  }
  if (how === 'stale') {
    const problem = whyNeverStale(plan);
    if (problem !== null) return cannot(problem);
  }
  if (plan.type === 'jwt') return signToken(plan, request, secret, now, how, name);
  if (plan.type === 'basic') {
    const credentials =
      how === 'wrong' ? 'nobody:nothing' : secret.includes(':') ? secret : `${user}:${secret}`;
    return { ok: true, headers: { [name]: parsePrefix + Buffer.from(credentials).toString('base64') } };
  }
  if (plan.type === 'token') {
    const token = how === 'wrong' ? 'not-the-token' : secret;
    return secret === ''
      ? cannot('the secret is empty')
      : { ok: true, headers: { [name]: parsePrefix + token } };
  }

  const headers: Record<string, string> = { ...missingHeaders(plan, request) };
  const age = how === 'stale' ? (plan.timestamp?.tolerance ?? 0) * 1000 + STALE_MARGIN : 0;
  const timestamp = timestampFor(plan, request, now - age);
  if (!timestamp.ok) return timestamp;
  if (plan.timestamp?.header !== undefined) {
    headers[plan.timestamp.header] = `${plan.timestamp.parsePrefix ?? ''}${timestamp.value}`;
  }
  const pieces = buildPieces(plan, request, headers, timestamp.value);
  if (!pieces.ok) return pieces;
  const signature = makeSignature(plan, pieces.value, secret, how === 'wrong');
  if (!signature.ok) return signature;
  // In one header the parts are a list: t=1,v1=abc.
  const before = headers[name];
  headers[name] = `${before === undefined ? '' : `${before},`}${parsePrefix}${signature.value}`;
  return { ok: true, headers };
}

type Made<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

function cannot(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

function whyNeverStale({ timestamp, jwt }: SignaturePlan): string | null {
  if (jwt !== undefined) return jwt.maxAge === 0 ? 'tokens of any age are taken: none is ever stale' : null;
  if (timestamp === undefined) return 'the scheme has no timestamp: no request is ever stale';
  if (timestamp.tolerance === 0) return 'tolerance 0 takes requests of any age: none is ever stale';
  return timestamp.body === undefined ? null : 'the time stands in the body: write an old one into the case';
}

/** Headers that the template signs and the request lacks, such as the message id: derived, so that runs repeat. */
function missingHeaders(plan: SignaturePlan, request: UnsignedRequest): Readonly<Record<string, string>> {
  const id = `msg_${createHash('sha256').update(request.body).digest('hex').slice(0, 24)}`;
  const names = plan.template.flatMap((token) => (token.kind === 'header' ? [token.name] : []));
  const missing = names.filter(
    (name) => name !== plan.timestamp?.header && request.headers.all(name).length === 0,
  );
  return { ...Object.fromEntries(missing.map((name) => [name, id])), ...missingLists(plan, request) };
}

/** Headers that list what is signed and that the request lacks: themselves and the time, as of a sender that adds none. */
function missingLists(plan: SignaturePlan, request: UnsignedRequest): Readonly<Record<string, string>> {
  const names = plan.template.flatMap((token) => (token.kind === 'headers' ? [token.name] : []));
  const missing = names.filter((name) => request.headers.all(name).length === 0);
  const listOf = (name: string) => [name, plan.timestamp?.header ?? []].flat().sort().join(',');
  return Object.fromEntries(missing.map((name) => [name, listOf(name)]));
}

function timestampFor(plan: SignaturePlan, request: UnsignedRequest, time: number): Made<string | undefined> {
  if (plan.timestamp === undefined) return { ok: true, value: undefined };
  if (plan.timestamp.body === undefined) {
    const format = PRESETS.get(plan.preset ?? '')?.timestampFormat ?? 'seconds';
    return { ok: true, value: formatTimestamp(time, format) };
  }
  const found = materialiseTimestamp(plan)?.(request, () => readBody(request));
  return found?.ok ? found : cannot(`the body has no time at ${plan.timestamp.body}`);
}

function buildPieces(
  plan: SignaturePlan,
  request: UnsignedRequest,
  added: Readonly<Record<string, string>>,
  timestamp: string | undefined,
): Made<readonly Piece[]> {
  if (plan.template.some(({ kind }) => kind === 'url') && request.publicUrl === undefined) {
    return cannot('the scheme signs the public URL, which is not configured');
  }
  if (plan.bodyHash !== undefined && !hasBodyHash(plan, request)) {
    return cannot(`the URL needs the query parameter ${plan.bodyHash.query} with the digest of the body`);
  }
  const kept = request.headers.entries().filter(([name]) => !Object.hasOwn(added, name));
  const headers = headersFromRaw([...kept, ...Object.entries(added)].flat());
  const json = () => readBody(request);
  const text = materialiseTemplate(plan.template)({ request: { ...request, headers }, timestamp, json });
  return text.ok
    ? { ok: true, value: text.pieces }
    : cannot('the request lacks something that the template signs');
}

function makeSignature(
  plan: SignaturePlan,
  pieces: readonly Piece[],
  secret: string,
  wrong: boolean,
): Made<string> {
  if (isPublicKeyType(plan.type)) {
    const key = readPrivateKey(plan, secret);
    if (key === null)
      return cannot(`type ${plan.type} signs with the private key in PEM, which only the sender has`);
    const signed = wrong ? Buffer.concat([joinPieces(pieces), Buffer.from('.')]) : joinPieces(pieces);
    const signature = sign(plan.type === 'ed25519' ? null : plan.algorithm, signed, key);
    return { ok: true, value: signature.toString(plan.digest) };
  }
  const key: Key | null = readKey(plan, secret);
  if (key === null) return cannot(`the secret is empty, or not in ${plan.secretEncoding}`);
  return { ok: true, value: keyedDigest(plan, key, wrong ? [...pieces, '.'] : pieces) };
}

function readBody({ headers, body }: UnsignedRequest): JsonValue | undefined {
  const isForm = headers.all('content-type').includes('application/x-www-form-urlencoded');
  return parseForSignature({ body: isForm ? 'form' : 'json' }, body, Number.POSITIVE_INFINITY);
}
