/**
 * The call `complete`: what may stand at a place of the connector file. A stand-in is put there and the text parsed, so
 * that the schema can be asked; keys, words, presets, and paths with the values that samples have.
 */
import schema from '../../../schemas/connector.schema.json' with { type: 'json' };
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { listConnectorProperties } from '../../workbench/preview/properties.ts';
import type { CompleteAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered } from './answer.ts';
import { type DraftBody, draftOf } from './draft-of.ts';

type Options = CompleteAnswer['options'];

const STAND_IN = 'x-sluice-here';
const MAX_OPTIONS = 300;

export async function complete(
  workspace: Workspace,
  { offset, ...body }: DraftBody & { readonly offset: number },
): Promise<Answer<CompleteAnswer>> {
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const { text } = draft.value.source;
  const before = text.slice(0, offset);
  const word = /[^\s:,{}[\]"']*$/.exec(before)?.[0] ?? '';
  const from = offset - word.length;
  const rest = text.slice(offset + (/^[^\s:,{}[\]"']*/.exec(text.slice(offset))?.[0].length ?? 0));
  const put = (what: string): JsonValue | null =>
    parseYaml(new SourceFile('', `${text.slice(0, from)}${what}${rest}`)).document?.value ?? null;
  const answer = (options: Options): Answer<CompleteAnswer> =>
    answered({ from, options: options.slice(0, MAX_OPTIONS) });
  if (word.startsWith('$')) {
    const found = listConnectorProperties(draft.value.connector);
    return answer(
      found.map(({ path, type, example }) => ({
        label: path,
        insert: path,
        detail: `${type} ${escapeText(example)}`,
      })),
    );
  }
  const asKey = findStandIn(put(`${STAND_IN}: `)) ?? (/^\s*:/.test(rest) ? findStandIn(put(STAND_IN)) : null);
  if (asKey?.isKey) return answer(keysOf(asKey.steps, asKey.siblings));
  const asValue = findStandIn(put(STAND_IN));
  return answer(asValue === null ? [] : valuesOf(asValue.steps));
}

interface Found {
  /** To the map that has the key, or to the value. */
  readonly steps: readonly string[];
  readonly isKey: boolean;
  readonly siblings: readonly string[];
}

function findStandIn(value: JsonValue | null, steps: readonly string[] = []): Found | null {
  if (value === STAND_IN) return { steps, isKey: false, siblings: [] };
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      const found = findStandIn(one as JsonValue, [...steps, String(index)]);
      if (found !== null) return found;
    }
  }
  if (!isJsonObject(value)) return null;
  if (Object.hasOwn(value, STAND_IN)) return { steps, isKey: true, siblings: Object.keys(value) };
  for (const [key, one] of Object.entries(value)) {
    const found = findStandIn(one, [...steps, key]);
    if (found !== null) return found;
  }
  return null;
}

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** All that may be meant at a place: a mapping is structured or a script, a value is an expression or not. */
function schemasAt(steps: readonly string[]): readonly Schema[] {
  let current: readonly Schema[] = resolve(schema as Schema);
  for (const step of steps) {
    current = current.flatMap((one) => {
      const inner =
        one.properties?.[step] ?? (/^\d+$/.test(step) ? one.items : undefined) ?? one.additionalProperties;
      return typeof inner === 'object' ? resolve(inner) : [];
    });
  }
  // Fields of the trigger are described where they stand, and are expressions.
  const isField = steps[0] === 'mapping' && steps.length >= 2;
  return isField ? [...current, ...resolve({ $ref: '#/$defs/expression' })] : current;
}

function resolve(one: Schema): readonly Schema[] {
  const named = one.$ref?.replace('#/$defs/', '');
  const target =
    named === undefined ? [] : resolve((schema.$defs as Readonly<Record<string, Schema>>)[named] ?? {});
  return [one, ...target, ...[...(one.anyOf ?? []), ...(one.oneOf ?? [])].flatMap(resolve)];
}

function keysOf(steps: readonly string[], siblings: readonly string[]): Options {
  const found = new Map<string, string>();
  for (const one of schemasAt(steps)) {
    for (const [key, inner] of Object.entries(one.properties ?? {})) {
      if (!siblings.includes(key)) found.set(key, inner.description ?? '');
    }
  }
  return [...found].map(([label, detail]) => ({ label, insert: `${label}: `, detail }));
}

function valuesOf(steps: readonly string[]): Options {
  if (steps.at(-1) === 'preset') {
    return [...PRESETS.values()].map(({ name, title }) => ({ label: name, insert: name, detail: title }));
  }
  const words = schemasAt(steps).flatMap((one) => [
    ...(one.enum ?? []),
    ...(one.const === undefined ? [] : [one.const]),
  ]);
  return [...new Set(words)].map((one) => ({ label: String(one), insert: String(one), detail: '' }));
}
