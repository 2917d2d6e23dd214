/**
 * Writes the declarations that an editor checks a mapping script with. In: the payloads of the samples. Out: TypeScript
 * declarations of the request, as the samples have it, and of the trigger. No value of a sample gets into them.
 */
import type { Connector } from '../generated/connector.ts';
import { TRIGGER_DECLARATION } from '../generated/trigger-declaration.ts';
import { parsePath } from '../stages/json/json-path.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import { withoutBigints } from '../stages/mapping/convert-value.ts';
import type { Shape } from '../stages/plans.ts';
import { learnShape } from '../stages/shape/learn.ts';
import { markOptional } from '../stages/shape/mark-optional.ts';
import type { CompiledConnector } from './compile.ts';

/** The declarations' file for a script: mapping.types.d.ts beside mapping.js. */
export function typesFileOf(script: string): string {
  return script.replace(/\.(?:m?js|ts)$/, '.types.d.ts');
}

/** Text of the file. The same samples give the same text. */
export function declareTypes({
  id,
  spec,
  samples,
}: Pick<CompiledConnector, 'id' | 'spec' | 'samples'>): string {
  const methods = spec?.methods ?? ['POST', 'PUT'];
  const payloads = samples.flatMap((sample) => sample.payloads);
  const body = payloads.length === 0 ? 'unknown' : declareShape(learn(payloads, spec?.shape), '');
  return `// Written by "sluice types ${id}", from the samples of the connector; do not edit.

/** What maps a request: a trigger, or null to ignore it. An error holds the request, with its message. */
export type Mapping = (request: Request) => Trigger | null | Promise<Trigger | null>;

export interface Request {
  /** ${spec?.split === undefined ? 'The body, as the samples have it.' : 'One element of the batch, as the samples have them.'} */
  body: Body;
  /** By lower-case name; without those that carry credentials. */
  headers: { [name: string]: string | undefined };
  method: ${[...methods]
    .sort()
    .map((method) => `'${method}'`)
    .join(' | ')};
  /** When it was received, ISO 8601; \`new Date()\` is the same time. */
  receivedAt: string;
}

export type Body = ${body};

${TRIGGER_DECLARATION}`;
}

/** As a script sees it: integers past 2^53 are texts. */
function learn(payloads: readonly JsonValue[], settings: Connector['shape']): Shape {
  const maps = (settings?.maps ?? []).filter((path) => parsePath(path).ok);
  const shape = learnShape(
    payloads.map((payload) => withoutBigints(payload) as JsonValue),
    maps,
  );
  return (settings?.optional ?? []).reduce((learned, path) => {
    const parsed = parsePath(path);
    return parsed.ok ? markOptional(learned, parsed.segments) : learned;
  }, shape);
}

function declareShape(shape: Shape, indent: string): string {
  // Nothing but null was seen, if anything.
  if (shape.types.length === 0) return 'unknown';
  const types = shape.types.map((type) => {
    if (type === 'object') return declareObject(shape, indent);
    if (type === 'array')
      return shape.items === undefined ? 'unknown[]' : `Array<${declareShape(shape.items, indent)}>`;
    return type;
  });
  return [...types, ...(shape.nullable === true ? ['null'] : [])].join(' | ');
}

function declareObject({ members = {}, optional = [], values }: Shape, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(members).map(([name, member]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${inner}${key}${optional.includes(name) ? '?' : ''}: ${declareShape(member, inner)};`;
  });
  if (values !== undefined) lines.push(`${inner}[name: string]: ${declareShape(values, inner)} | undefined;`);
  else if (lines.length === 0) lines.push(`${inner}[name: string]: unknown;`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}
