/** The cases of a new connector: what must work, and what must not. In: its samples. Out: YAML. */
import type { JsonValue } from '../../stages/json-value.ts';
import { stringifyJson } from '../../stages/json-text.ts';

/** What one genuine request makes: the targets of each trigger; null while that is not known. */
export interface ExpectedSample {
  /** File name under samples/. */
  readonly name: string;
  readonly body: JsonValue;
  readonly targets: readonly (readonly string[])[] | null;
}

export function casesText(
  samples: readonly ExpectedSample[],
  options: { readonly isForm: boolean; readonly schema: string; readonly refusal: string | null },
): string {
  const requestOf = ({ name, body }: ExpectedSample): string =>
    options.isForm ? `body: ${JSON.stringify(formText(body))}` : `sample: samples/${name}`;
  const genuine = samples.flatMap((sample) => [
    `- note: a genuine request makes a card (${sample.name})`,
    `  request: { ${requestOf(sample)}, sign: genuine }`,
    `  want: { outcome: delivered${wantedTriggers(sample.targets)} }`,
  ]);
  const [first] = samples;
  const bare = options.isForm ? 'body: a=b' : 'json: {}';
  const lines = [
    `# yaml-language-server: $schema=${options.schema}`,
    ...genuine,
    '- note: a request without proof of its sender is refused',
    `  request: { ${first === undefined ? bare : requestOf(first)} }`,
    `  want: { outcome: rejected${options.refusal === null ? '' : `, code: ${options.refusal}`}, paused: false }`,
  ];
  return `${lines.join('\n')}\n`;
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
