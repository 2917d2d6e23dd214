/**
 * A connector that only waits for its first request: it has no sample, so that it holds whatever comes and makes no card.
 * `new` writes one where nothing is known yet, and writes the rest once a request was captured. In: what is known. Out: the
 * file's text; and back, of a file that is still such a stub.
 */
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { Proof } from './choices.ts';
import { bodyLine, securityLines } from './connector-text.ts';
import { comment, flowText } from './yaml-text.ts';

export interface Stub {
  readonly id: string;
  readonly actionFlow: string;
  /** null: not known yet. */
  readonly proof: Proof | null;
}

const WAITS =
  'A stub: it waits for its first request, and makes no card. Capture one (sluice capture), then run sluice new again.';
const UNKNOWN = 'not known yet: this stub makes no card';

/** `schema` is what the editor's comment points to. */
export function stubText(stub: Stub, schema: string): string {
  const { id, actionFlow, proof } = stub;
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    comment(WAITS),
    'apiVersion: sluice/v1',
    `id: ${flowText(id)}`,
    `actionFlow: ${flowText(actionFlow)}`,
    'status: test',
    ...(proof === null ? [] : bodyLine({ proof, isForm: false })),
    'mapping:',
    `  ${comment('Whoever comes first: the path is written with the rest.')}`,
    '  targetUserIds: $.user.id',
    ...(proof === null
      ? [`security: { unauthenticated: ${flowText(UNKNOWN)} }`]
      : securityLines({ proof, id })),
  ];
  return `${lines.join('\n')}\n`;
}

/** null: it is no stub, or somebody has changed more of it than the list of samples. */
export function readStub(text: string): Stub | null {
  if (!text.includes(comment(WAITS))) return null;
  const value = parseYaml(new SourceFile('', text)).document?.value;
  if (!isJsonObject(value) || typeof value.id !== 'string' || typeof value.actionFlow !== 'string')
    return null;
  const stub = { id: value.id, actionFlow: value.actionFlow, proof: proofOf(value.security ?? null) };
  const own = new Set(stubText(stub, '').split('\n').slice(1));
  const isOwn = (line: string): boolean =>
    own.has(line) || /^(?:# yaml-language-server: |samples:|\s*- samples\/)/.test(line);
  return text.split(/\r?\n/).every(isOwn) ? stub : null;
}

function proofOf(security: JsonValue): Proof | null {
  if (!isJsonObject(security)) return null;
  if (security.urlKey === true) return { kind: 'url-key' };
  const signature = security.signature ?? null;
  if (!isJsonObject(signature)) return null;
  const { preset, signature: place = null } = signature;
  if (typeof preset === 'string') return PRESETS.has(preset) ? { kind: 'preset', name: preset } : null;
  const header = isJsonObject(place) ? place.header : null;
  return typeof header === 'string' ? { kind: 'header', header } : null;
}
