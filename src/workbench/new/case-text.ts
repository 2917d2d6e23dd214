/** The cases of a new connector: what must work, and what must not. In: its samples and its scheme. Out: YAML. */
import { createHash } from 'node:crypto';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { formatTimestamp } from '../../stages/signature/timestamp.ts';
import { hasFetchedKeys } from './choices.ts';
import { flowText } from './yaml-text.ts';

/** What one genuine request makes: the targets of each trigger, none where there is nobody to tell; null while that is not known. */
export interface ExpectedSample {
  /** File name under samples/. */
  readonly name: string;
  readonly body: JsonValue;
  readonly targets: readonly (readonly string[])[] | null;
}

export interface CaseOptions {
  readonly id: string;
  /** What the editor's comment points to. */
  readonly schema: string;
  readonly preset: SignaturePreset | null;
  readonly isForm: boolean;
  /** The code of the refusal, once it is known. */
  readonly refusal: string | null;
}

/** The clock of a case that names none. */
const NOW = Date.parse('2025-01-01T00:00:00Z');

export function casesText(samples: readonly ExpectedSample[], options: CaseOptions): string {
  const { isForm, refusal, preset, schema } = options;
  const unsignable = whyUnsignable(preset);
  const requestOf = ({ name, body }: ExpectedSample): string =>
    isForm ? `body: ${JSON.stringify(formText(body))}` : `sample: ${flowText(`samples/${name}`)}`;
  const genuine = (unsignable === null ? samples : []).flatMap((sample) => {
    const isNobody = sample.targets?.length === 0;
    const what = isNobody ? 'an event that has nobody to tell is ignored' : 'a genuine request makes a card';
    const wanted = isNobody ? 'ignored, code: no-targets' : `delivered${wantedTriggers(sample.targets)}`;
    return [
      `- note: ${what} (${sample.name})`,
      `  request: { ${requestOf(sample)}, sign: genuine${signedParts(sample.body, options)} }`,
      `  want: { outcome: ${wanted} }`,
    ];
  });
  const [first] = samples;
  const bare = isForm ? 'body: a=b' : 'json: {}';
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    ...(unsignable === null
      ? []
      : [`# No case of a genuine request: ${unsignable}. sluice preview shows the mapping.`]),
    ...genuine,
    '- note: a request without proof of its sender is refused',
    `  request: { ${first === undefined ? bare : requestOf(first)} }`,
    `  want: { outcome: rejected${refusal === null ? '' : `, code: ${refusal}`}, paused: false }`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Why no request of this provider can be made up here; null: one can. */
export function whyUnsignable(preset: SignaturePreset | null): string | null {
  const { type, signature, jwt } = preset?.signature ?? {};
  const isKeyPair = type === 'ed25519' || type === 'ecdsa' || type === 'rsa';
  const isSignedToken = jwt?.algorithms?.some((algorithm) => !algorithm.startsWith('HS')) === true;
  if (isKeyPair || isSignedToken || hasFetchedKeys(preset)) return 'only the sender has the private key';
  return signature?.body === undefined ? null : 'the signature is part of the body';
}

/** A parameter of the URL that a template signs. */
const SIGNED_PARAMETER = /\[query:([^\]:]+)(?::any-case)?\]/g;

/**
 * What a genuine request has besides its signature: the time where it stands in the body, and in the URL the digest of the
 * body and what else is signed there.
 */
function signedParts(body: JsonValue, { preset, id }: CaseOptions): string {
  const { timestamp, bodyHash, template } = preset?.signature ?? {};
  const parts: string[] = [];
  if (timestamp?.body !== undefined) {
    const format = preset?.timestampFormat ?? 'seconds';
    const time = formatTimestamp(NOW, format);
    parts.push(`set: { ${timestamp.body}: ${format === 'iso' ? flowText(time) : time} }`);
  }
  const parameters = new URLSearchParams();
  for (const [, name = ''] of template?.matchAll(SIGNED_PARAMETER) ?? []) parameters.set(name, '1');
  if (bodyHash?.query !== undefined) {
    const { query, algorithm = 'sha256', digest = 'hex' } = bodyHash;
    parameters.set(query, createHash(algorithm).update(stringifyJson(body)).digest(digest));
  }
  if (parameters.size > 0)
    parts.push(`url: ${JSON.stringify(`https://hooks.example.com/c/${id}?${parameters}`)}`);
  return parts.map((part) => `, ${part}`).join('');
}

function wantedTriggers(targets: ExpectedSample['targets']): string {
  if (targets === null || targets.length === 0) return '';
  const [first = [], ...others] = targets.map((ids) => `{ targetUserIds: ${stringifyJson(ids)} }`);
  return others.length === 0 ? `, trigger: ${first}` : `, triggers: [${[first, ...others].join(', ')}]`;
}

/** Fields as a sender writes them: texts, and lists of texts as repeated fields. */
function formText(body: JsonValue): string {
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  return new URLSearchParams(
    fields.flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)])),
  ).toString();
}
