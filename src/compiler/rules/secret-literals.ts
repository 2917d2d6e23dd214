/**
 * Rule: no file of a connector holds a secret. Looks for the forms that providers give their secrets, in comments too, and
 * for text where a reference belongs. Never quotes what it finds.
 */
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

/** A recognisable start that may be shown, and the rest that may not. All are linear: no nested repetition. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a webhook signing secret', /(?<![A-Za-z0-9])(whsec_)[A-Za-z0-9+/_=-]{24,}/g],
  ['a Stripe key', /(?<![A-Za-z0-9])([sr]k_(?:live|test)_)[A-Za-z0-9]{16,}/g],
  ['a GitHub token', /(?<![A-Za-z0-9])(gh[pousr]_|github_pat_)[A-Za-z0-9_]{22,}/g],
  ['a GitLab token', /(?<![A-Za-z0-9])(glpat-)[A-Za-z0-9_-]{20,}/g],
  ['a Shopify secret', /(?<![A-Za-z0-9])(shp(?:ss|at|ca|pa)_)[A-Fa-f0-9]{32,}/g],
  ['a Slack token', /(?<![A-Za-z0-9])(xox[abeoprs]-)[A-Za-z0-9-]{10,}/g],
  ['an AWS access key', /(?<![A-Za-z0-9])(A[KS]IA)[A-Z0-9]{16}(?![A-Za-z0-9])/g],
  ['a SendGrid key', /(?<![A-Za-z0-9])(SG\.)[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g],
  ['a Google key', /(?<![A-Za-z0-9])(AIza)[A-Za-z0-9_-]{35}/g],
  ['a private key', /(-----BEGIN )[A-Z ]{0,20}PRIVATE KEY-----[^-]{0,10000}/g],
  ['a bearer token', /((?:Bearer|bearer) )[A-Za-z0-9._~+/-]{20,}/g],
  [
    'a JSON Web Token',
    /(?<![A-Za-z0-9_-])(eyJ)[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  ],
];
/** One look for the beginnings of all forms: hardly any file has one. */
const ANY_FORM =
  /whsec_|[sr]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|shp(?:ss|at|ca|pa)_|xox[abeoprs]-|A[KS]IA|SG\.|AIza|-----BEGIN |[Bb]earer |eyJ/;
/** Most finds of one file. */
const MAX_FINDS = 20;

export function checkSecretLiterals(draft: ConnectorDraft): void {
  const misplaced = reportMisplaced(draft);
  for (const source of draft.files.sources().values()) {
    const formed = findSecrets(source);
    const named = findNamedSecrets(source, formed);
    for (const { what, shown, offset, length } of [...formed, ...named]) {
      if (
        misplaced.some(
          (span) => source === draft.source && offset >= span.offset && offset < span.offset + span.length,
        )
      )
        continue;
      const span = source.span(offset, length);
      if (isGivenToCase(draft, source, source.text.slice(offset, offset + length))) {
        // Only a provider's own form is remarkable in a value that a case has to give.
        if (shown === '') continue;
        const message = `${what} is given to a case ("${shown}***"); if it is not an invented one, replace the secret at the provider`;
        draft.diagnostics.push({ ...diagnose('secret-literal', message, span), severity: 'warning' });
        continue;
      }
      const instead =
        source === draft.source ? 'write a reference, { env: SLUICE_SECRET_... }' : 'write an invented value';
      const message = `${what} is written in this file ("${shown}***"); ${instead}, and replace the secret at the provider`;
      draft.reportAt('secret-literal', message, span);
    }
  }
}

/** A case has to give the secrets of its request, and those that providers publish with their examples look genuine. */
function isGivenToCase(draft: ConnectorDraft, source: SourceFile, found: string): boolean {
  return draft.parts.cases.some(
    (one) =>
      one.file === source.path &&
      Object.values(one.case.secrets ?? {}).some((value) => value.includes(found)),
  );
}

/** Text where the schema wants a reference is a secret, whatever it looks like. */
function reportMisplaced(draft: ConnectorDraft): readonly Span[] {
  return listSecretPlaces(draft)
    .filter((pointer) => typeof draft.rawValueAt(pointer) === 'string')
    .map((pointer) => {
      const message =
        'the secret is written in the file ("***"); write a reference, { env: SLUICE_SECRET_... }, and replace the secret at the provider';
      draft.report({ code: 'secret-literal', pointer, message });
      return draft.document.spanOf(pointer);
    });
}

/** Keys that the schema does not have, but people write a secret under. */
const SECRET_WORDS = /secret|password|token|api-?key/i;
const HARMLESS = ['secretEncoding', 'secretPrefix'];

function listSecretPlaces(draft: ConnectorDraft): readonly string[] {
  const base = '/security/signature';
  const signature = draft.rawValueAt(base);
  if (!isJsonObject(signature)) return [];
  return Object.entries(signature).flatMap(([key, value]) => {
    if (HARMLESS.includes(key) || !SECRET_WORDS.test(key)) return [];
    const place = pointerTo(base, key);
    const entries = Array.isArray(value) ? value.map((_, index) => pointerTo(place, index)) : [place];
    return entries.flatMap((entry) => {
      const reference = draft.rawValueAt(entry);
      if (!isJsonObject(reference)) return [entry];
      const wrong = Object.keys(reference).filter((name) => name !== 'env' && name !== 'file');
      return wrong.map((name) => pointerTo(entry, name));
    });
  });
}

interface Find {
  readonly what: string;
  /** The part that says what it is, and is no secret. */
  readonly shown: string;
  readonly offset: number;
  readonly length: number;
}

function findSecrets(source: SourceFile): readonly Find[] {
  const finds: Find[] = [];
  if (!ANY_FORM.test(source.text)) return finds;
  for (const [what, form] of FORMS) {
    for (const match of source.text.matchAll(form)) {
      const [text, shown = ''] = match;
      if (isExample(text.slice(shown.length))) continue;
      const overlaps = finds.some(
        (find) => match.index < find.offset + find.length && find.offset < match.index + text.length,
      );
      if (!overlaps) finds.push({ what, shown, offset: match.index, length: text.length });
      if (finds.length === MAX_FINDS) return finds;
    }
  }
  return finds;
}

/** Names under which people keep secrets, and a value long enough to be one. */
const NAMED_SECRET =
  /([A-Za-z0-9_-]{0,40}(?:secret|password|passwd|api[_-]?key|private[_-]?key|access[_-]?token))["']?[ \t]{0,4}[:=][ \t]{0,4}["']?([A-Za-z0-9+/_=.~-]{20,200})(?![A-Za-z0-9+/_=.~-])/gi;

/** A part of every match: what hardly any file has is looked for without trying every beginning of a name. */
const NAMED_SECRET_PART =
  /(?:secret|password|passwd|api[_-]?key|private[_-]?key|access[_-]?token)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?[A-Za-z0-9+/_=.~-]{20}/i;

/** Bits of entropy per character past which a text looks random: English and identifiers stay below, base64 and hex keys above. */
const RANDOM_BITS = 3.5;

/** Values that look random under a name that says secret. Providers' forms are found by `findSecrets`. */
function findNamedSecrets(source: SourceFile, known: readonly Find[]): readonly Find[] {
  const finds: Find[] = [];
  if (!NAMED_SECRET_PART.test(source.text)) return finds;
  for (const match of source.text.matchAll(NAMED_SECRET)) {
    const [text, name = '', value = ''] = match;
    const offset = match.index + text.length - value.length;
    const isKnown = known.some(
      (find) => offset < find.offset + find.length && find.offset < offset + value.length,
    );
    if (isKnown || isExample(value) || /^SLUICE_SECRET_|^\$/.test(value) || entropyOf(value) < RANDOM_BITS)
      continue;
    finds.push({
      what: `a value that looks like a secret, named "${name}",`,
      shown: '',
      offset,
      length: value.length,
    });
    if (finds.length === MAX_FINDS) break;
  }
  return finds;
}

/** Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Fewest different characters of a text that could be random: of 24 random hex digits, 99.99 % have more. */
const MIN_DISTINCT = 7;

/** Invented values say so, in plain text or under base64, or repeat themselves. */
function isExample(text: string): boolean {
  const says = /example|invented|dummy|changeme|placeholder|not-?a-?(?:real-?)?secret/i;
  return (
    says.test(text) ||
    says.test(Buffer.from(text, 'base64').toString('latin1')) ||
    new Set(text).size < MIN_DISTINCT
  );
}
