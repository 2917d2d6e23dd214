/**
 * What makes a signature scheme incomplete, unsafe or weak. In: a scheme merged from file and preset. Out: reports,
 * errors through `fail` and warnings through `warn`. Whether an unsigned body is acceptable is for the connector to say.
 */
import { quote } from '../../diagnostics/printable.ts';
import { pointerTo, type Report } from '../problem.ts';
import { type Scheme, secretsOf, signsTimestamp } from './scheme.ts';
import { judgeBodyPath } from './template.ts';

export function judgeScheme(scheme: Scheme, hasMistakes: boolean, fail: Report, warn: Report): void {
  judgeSecret(scheme, fail);
  judgePlaces(scheme, fail);
  if (scheme.type === 'token') judgeToken(scheme, fail);
  // A template that could not be read would only be accused of what it may well have.
  else if (!hasMistakes) judgeTemplate(scheme, fail);
  if (!hasMistakes) judgeTimestamp(scheme, fail);
  judgeTolerance(scheme, warn);
  judgeAlgorithm(scheme, warn);
}

function judgeSecret({ merged, at }: Scheme, fail: Report): void {
  if (secretsOf(merged).length > 0) return;
  const message = 'the signature has no secret; add sharedSecret: { env: SLUICE_SECRET_... }';
  fail({ code: 'secret-missing-reference', pointer: at('sharedSecret'), message });
}

/** The signature must be in one place, and so must the timestamp if the scheme has one. */
function judgePlaces({ merged, given, tokens, at }: Scheme, fail: Report): void {
  for (const field of ['signature', 'timestamp'] as const) {
    const place = merged[field];
    const thing = field === 'signature' ? 'signature' : 'time of sending';
    if (place === undefined) {
      if (field === 'timestamp' && !tokens.some(({ kind }) => kind === 'timestamp')) continue;
      const why = field === 'timestamp' ? 'the template signs [timestamp], but ' : '';
      const message = `${why}the file does not say where the ${thing} stands; add ${field}: { header: ... }`;
      fail({ code: 'signature-incomplete', pointer: at(field), message });
      continue;
    }
    if (place.header === undefined && place.body === undefined) {
      const message = `the ${thing} has neither header nor body; name the header that carries it`;
      fail({ code: 'signature-incomplete', pointer: at(field), message });
    }
    if (place.header !== undefined && place.body !== undefined) {
      const message = `the ${thing} has both a header and a path in the body; keep one of them`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), 'body'), message });
    }
    if (place.body !== undefined && place.parsePrefix !== undefined) {
      const message = `${quote(place.parsePrefix)} cannot be looked for in the body; parsePrefix is for headers`;
      fail({ code: 'signature-incomplete', pointer: pointerTo(at(field), 'parsePrefix'), message });
    }
    const problem = place.body === undefined ? null : judgeBodyPath(place.body);
    if (problem !== null && given[field]?.body !== undefined) {
      fail({ code: 'path-invalid', pointer: pointerTo(at(field), 'body'), message: problem });
    }
  }
}

function judgeToken({ given, at }: Scheme, fail: Report): void {
  for (const field of ['template', 'bodyHash'] as const) {
    if (given[field] === undefined) continue;
    const message = `type token compares the header with the secret and signs nothing; remove ${field}`;
    fail({ code: 'signature-template-invalid', pointer: at(field), message });
  }
}

function judgeTemplate({ merged, type, tokens, at }: Scheme, fail: Report): void {
  const report = (message: string) =>
    fail({ code: 'signature-template-invalid', pointer: at('template'), message });
  const has = (...kinds: readonly string[]) => tokens.some(({ kind }) => kinds.includes(kind));
  if (type === 'hash' && !has('secret')) {
    report('a plain hash proves nothing unless the secret is in it; put [secret] where the sender puts it');
  }
  if ((type === 'ed25519' || type === 'ecdsa') && has('secret')) {
    report(`[secret] cannot stand in the template of type ${type}: its key is public; remove it`);
  }
  if (!has('timestamp', 'payload', 'url', 'path', 'header', 'form', 'body')) {
    report('the template signs nothing of the request, so one signature fits all; add [payload]');
  }
  if (merged.bodyHash !== undefined && !has('url', 'path')) {
    report('bodyHash stands in the URL, which the template does not sign; add [url] or [path]');
  }
}

function judgeTolerance({ merged, at }: Scheme, warn: Report): void {
  if (merged.timestamp?.tolerance !== 0) return;
  const message =
    'tolerance 0 accepts a recorded request at any time later; give the seconds that a request may be old';
  warn({ code: 'signature-tolerance-off', pointer: pointerTo(at('timestamp'), 'tolerance'), message });
}

function judgeTimestamp({ given, merged, tokens, at }: Scheme, fail: Report): void {
  const { timestamp } = merged;
  if (timestamp === undefined) return;
  // A preset is as the provider has it; what the file changes is the file's.
  const isOfPreset =
    given.preset !== undefined &&
    given.template === undefined &&
    given.timestamp?.header === undefined &&
    given.timestamp?.body === undefined;
  if (isOfPreset || signsTimestamp(merged, tokens)) return;
  const place = timestamp.header ?? timestamp.body;
  if (place === undefined) return;
  const message = `the time in ${quote(place)} is not part of what is signed, so anyone can renew it; put [timestamp] into the template, or remove timestamp`;
  fail({ code: 'signature-timestamp-unsigned', pointer: at('timestamp'), message });
}

function judgeAlgorithm({ given, type, at }: Scheme, warn: Report): void {
  if (given.algorithm !== 'sha1' || type === 'token' || type === 'ed25519') return;
  const message = '"sha1" is no longer a safe choice for new signatures; use sha256 if the sender can';
  warn({ code: 'signature-weak', pointer: at('algorithm'), message });
}
