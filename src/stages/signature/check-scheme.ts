/**
 * What makes a signature scheme incomplete, unsafe or weak. In: a scheme merged from file and preset. Out: reports,
 * errors through `fail` and warnings through `warn`. Whether an unsigned body is acceptable is for the connector to say.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { Signature } from '../../generated/connector.ts';
import { pointerTo, type Report } from '../problem.ts';
import { type Scheme, secretsOf, signsTimestamp } from './scheme.ts';
import { checkBodyPath } from './template.ts';

export function checkScheme(scheme: Scheme, hasMistakes: boolean, fail: Report, warn: Report): void {
  checkSecret(scheme, fail);
  checkPlaces(scheme, fail);
  checkBodyPlaces(scheme, fail);
  if (scheme.type === 'jwt') checkJwt(scheme, fail, warn);
  checkQuery(scheme, warn);
  if (scheme.type === 'token' || scheme.type === 'basic' || scheme.type === 'jwt')
    checkUnsigned(scheme, fail);
  // A template that could not be read would only be accused of what it may well have.
  else if (!hasMistakes) checkTemplate(scheme, fail);
  if (!hasMistakes) checkTimestamp(scheme, fail);
  checkTolerance(scheme, warn);
  checkAlgorithm(scheme, warn);
}

function checkSecret({ merged, at }: Scheme, fail: Report): void {
  const { certificate, jwt } = merged;
  if (secretsOf(merged).length > 0) {
    if (certificate === undefined && jwt?.keys === undefined) return;
    const place = certificate === undefined ? 'jwt.keys' : 'certificate';
    const both = `the keys are at ${place} already; remove sharedSecret`;
    fail({ code: 'signature-incomplete', pointer: at('sharedSecret'), message: both });
    return;
  }
  if (certificate !== undefined || jwt?.keys !== undefined) return;
  const message = 'the signature has no secret; add sharedSecret: { env: SLUICE_SECRET_... }';
  fail({ code: 'secret-missing-reference', pointer: at('sharedSecret'), message });
}

/** The signature must be in one place, and so must the timestamp if the scheme has one. */
function checkPlaces({ merged, given, type, tokens, at }: Scheme, fail: Report): void {
  for (const field of ['signature', 'timestamp'] as const) {
    const place = merged[field];
    if (field === 'signature' && (type === 'basic' || type === 'jwt') && isNowhere(place)) continue;
    const thing = field === 'signature' ? 'signature' : 'time of sending';
    if (place === undefined) {
      if (field === 'timestamp' && !tokens.some(({ kind }) => kind === 'timestamp')) continue;
      const why = field === 'timestamp' ? 'the template signs [timestamp], but ' : '';
      const message = `${why}the file does not say where the ${thing} stands; add ${field}: { header: ... }`;
      fail({ code: 'signature-incomplete', pointer: at(field), message });
      continue;
    }
    const places = [place.header, place.body, place.query].filter((one) => one !== undefined);
    if (places.length === 0) {
      const message = `the ${thing} has neither header nor body; name the header that carries it`;
      fail({ code: 'signature-incomplete', pointer: at(field), message });
    }
    if (places.length > 1) {
      const [wrong, what] =
        place.body === undefined
          ? (['query', 'a header and a parameter of the query'] as const)
          : ([
              'body',
              place.header === undefined
                ? 'a parameter of the query and a path in the body'
                : 'a header and a path in the body',
            ] as const);
      const message = `the ${thing} has both ${what}; keep one of them`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), wrong), message });
    }
    const isCountable = place.header !== undefined || (field === 'signature' && place.body !== undefined);
    if (place.position !== undefined && (!isCountable || place.parsePrefix !== undefined)) {
      const message =
        place.parsePrefix === undefined
          ? 'a position counts the values in a header; name the header'
          : `the ${thing} is marked by parsePrefix and by position; keep one of them`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), 'position'), message });
    }
    if (place.header === undefined && place.query !== undefined && place.parsePrefix !== undefined) {
      const message = `${quote(place.parsePrefix)} cannot be looked for in the query; parsePrefix is for headers`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), 'parsePrefix'), message });
    }
    if (place.body !== undefined && place.parsePrefix !== undefined) {
      const message = `${quote(place.parsePrefix)} cannot be looked for in the body; parsePrefix is for headers, and in the body values are found by position`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), 'parsePrefix'), message });
    }
    const problem = place.body === undefined ? null : checkBodyPath(place.body);
    if (problem !== null && given[field]?.body !== undefined) {
      fail({ code: 'path-invalid', pointer: pointerTo(at(field), 'body'), message: problem });
    }
  }
}

function isNowhere(place: Signature['signature']): boolean {
  return place?.header === undefined && place?.body === undefined && place?.query === undefined;
}

/** Values are looked for in what the connector reads; a token that holds would have to be cut out of must be cuttable. */
function checkBodyPlaces({ merged, type, tokens, body, at }: Scheme, fail: Report): void {
  const usesBody =
    merged.signature?.body !== undefined ||
    merged.timestamp?.body !== undefined ||
    merged.certificate !== undefined ||
    tokens.some(({ kind }) => kind === 'body' || kind === 'fields');
  if (usesBody && (body === 'text' || body === 'none')) {
    const message = `with body: ${body} there are no values in the body; the signature cannot read any from it`;
    fail({ code: 'signature-incomplete', pointer: at('signature'), message });
  }
  if (merged.signature?.body !== undefined && type === 'token' && body === 'xml') {
    const message =
      'a token inside XML cannot be left out of what is held; have it sent in a header, or use a secret URL';
    fail({ code: 'signature-incomplete', pointer: at('signature'), message });
  }
  if (tokens.some(({ kind }) => kind === 'form') && body !== undefined && body !== 'form') {
    const message = `[form:sorted] signs the fields of a form, and the connector takes ${body}; write body: form`;
    fail({ code: 'signature-incomplete', pointer: at('template'), message });
  }
}

function checkJwt({ given, merged, at }: Scheme, fail: Report, warn: Report): void {
  const { jwt } = merged;
  const report = (message: string, field?: string) =>
    fail({
      code: 'signature-incomplete',
      pointer: field === undefined ? at('jwt') : pointerTo(at('jwt'), field),
      message,
    });
  if (jwt?.algorithms === undefined) {
    report('the file does not say by which algorithms tokens are signed; add jwt: { algorithms: [RS256] }');
    return;
  }
  const isShared = jwt.algorithms.some((algorithm) => algorithm.startsWith('HS'));
  if (isShared && jwt.algorithms.some((algorithm) => !algorithm.startsWith('HS')))
    report(
      'a shared secret and public keys cannot both prove a token; keep the HS algorithms, or the others',
      'algorithms',
    );
  if (isShared && jwt.keys !== undefined)
    report(
      'keys at an address are public, and a token under a public text proves nothing; remove HS algorithms',
      'algorithms',
    );
  if (given.jwt?.maxAge === 0) {
    const message =
      'maxAge 0 accepts a recorded token at any time later; give the seconds that it may be old, if it says iat';
    warn({ code: 'signature-tolerance-off', pointer: pointerTo(at('jwt'), 'maxAge'), message });
  }
}

/** Whatever is in front of the runtime writes URLs into its logs. */
function checkQuery({ merged, type, at }: Scheme, warn: Report): void {
  if (merged.signature?.query === undefined || (type !== 'token' && type !== 'jwt')) return;
  const message = `the secret stands in the query (${quote(merged.signature.query)}), which proxies in front write into their logs; use a header if the sender can`;
  warn({ code: 'signature-in-query', pointer: pointerTo(at('signature'), 'query'), message });
}

function checkUnsigned({ given, type, at }: Scheme, fail: Report): void {
  for (const field of ['template', 'bodyHash'] as const) {
    if (given[field] === undefined || (type === 'jwt' && field === 'bodyHash')) continue;
    const what =
      type === 'jwt'
        ? 'a token, whose claims say what it covers'
        : 'what is sent with the secret and signs nothing';
    const message = `type ${type} compares ${what}; remove ${field}`;
    fail({ code: 'signature-template-invalid', pointer: at(field), message });
  }
}

function checkTemplate({ merged, type, tokens, at }: Scheme, fail: Report): void {
  const report = (message: string) =>
    fail({ code: 'signature-template-invalid', pointer: at('template'), message });
  const has = (...kinds: readonly string[]) => tokens.some(({ kind }) => kinds.includes(kind));
  if (type === 'hash' && !has('secret')) {
    report('a plain hash proves nothing unless the secret is in it; put [secret] where the sender puts it');
  }
  if ((type === 'ed25519' || type === 'ecdsa' || type === 'rsa') && has('secret')) {
    report(`[secret] cannot stand in the template of type ${type}: its key is public; remove it`);
  }
  if (!has('timestamp', 'payload', 'url', 'path', 'header', 'headers', 'query', 'form', 'body', 'fields')) {
    report('the template signs nothing of the request, so one signature fits all; add [payload]');
  }
  if (merged.bodyHash?.query !== undefined && !has('url', 'path')) {
    report('bodyHash stands in the URL, which the template does not sign; add [url] or [path]');
  }
}

function checkTolerance({ merged, at }: Scheme, warn: Report): void {
  if (merged.timestamp?.tolerance !== 0) return;
  const message =
    'tolerance 0 accepts a recorded request at any time later; give the seconds that a request may be old';
  warn({ code: 'signature-tolerance-off', pointer: pointerTo(at('timestamp'), 'tolerance'), message });
}

function checkTimestamp({ given, merged, tokens, at }: Scheme, fail: Report): void {
  const { timestamp } = merged;
  if (timestamp === undefined) return;
  // A preset is as the provider has it; what the file changes is the file's.
  const isOfPreset =
    given.preset !== undefined &&
    given.template === undefined &&
    given.timestamp?.header === undefined &&
    given.timestamp?.body === undefined;
  if (isOfPreset || signsTimestamp(merged, tokens)) return;
  const place = timestamp.header ?? timestamp.body ?? timestamp.query;
  if (place === undefined) return;
  const message = `the time in ${quote(place)} is not part of what is signed, so anyone can renew it; put [timestamp] into the template, or remove timestamp`;
  fail({ code: 'signature-timestamp-unsigned', pointer: at('timestamp'), message });
}

function checkAlgorithm({ given, type, at }: Scheme, warn: Report): void {
  if (given.algorithm !== 'sha1' || ['token', 'basic', 'jwt', 'ed25519'].includes(type)) return;
  const message = '"sha1" is no longer a safe choice for new signatures; use sha256 if the sender can';
  warn({ code: 'signature-weak', pointer: at('algorithm'), message });
}
