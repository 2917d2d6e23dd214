/**
 * In: the JSON body of an admin request. Out: its fields, checked, or what is wrong. Unknown fields are refused: a
 * mistyped "dryRun" must not become a real replay.
 */

import type { SampleField } from '../../admin-api/routes.ts';
import { quote } from '../../diagnostics/printable.ts';
import { suggest } from '../../diagnostics/suggest.ts';

/** Undefined where the value is not of this kind. */
export interface Field<T> {
  readonly kind: string;
  readonly isOptional: boolean;
  read(value: unknown): T | undefined;
}

export type Fields<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Field<infer T> ? T : never;
};

export type FieldsResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly detail: string };

export function readFields<const Shape extends Readonly<Record<string, Field<unknown>>>>(
  body: unknown,
  shape: Shape,
): FieldsResult<Fields<Shape>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, detail: 'the body is not a JSON object' };
  }
  const known = Object.keys(shape);
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = suggest(unknown, known);
    const advice = nearest === undefined ? `there is ${known.join(', ')}` : `did you mean "${nearest}"?`;
    return { ok: false, detail: `the field ${quote(unknown)} is unknown: ${advice}` };
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const given = Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined;
    if (given === undefined && field.isOptional) continue;
    const value = field.read(given);
    if (value === undefined) return { ok: false, detail: `"${name}" must be ${field.kind}` };
    values[name] = value;
  }
  return { ok: true, value: values as Fields<Shape> };
}

/** Text without control characters: it ends up in logs and in the record of a pause. */
export function text(longest: number): Field<string> {
  return {
    kind: `text of 1 to ${longest} printable characters`,
    isOptional: false,
    read: (value) =>
      typeof value === 'string' && value.length > 0 && value.length <= longest && !/\p{Cc}/u.test(value)
        ? value
        : undefined,
  };
}

export function wholeNumber(least: number, most: number): Field<number> {
  return {
    kind: `a whole number from ${least} to ${most}`,
    isOptional: false,
    read: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : undefined,
  };
}

export const flag: Field<boolean> = {
  kind: 'true or false',
  isOptional: false,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

export function texts(most: number): Field<readonly string[]> {
  const one = text(200);
  return {
    kind: `a list of 1 to ${most} texts`,
    isOptional: false,
    read: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= most &&
      value.every((item) => one.read(item) !== undefined)
        ? (value as string[])
        : undefined,
  };
}

export const sample: Field<SampleField> = {
  kind: '{"headers": {"name": "value"}, "body": "JSON text"}',
  isOptional: false,
  read(value) {
    if (typeof value !== 'object' || value === null) return undefined;
    const { headers = {}, body } = value as Record<string, unknown>;
    if (typeof body !== 'string' || typeof headers !== 'object' || headers === null) return undefined;
    const entries = Object.entries(headers);
    if (!entries.every(([, one]) => typeof one === 'string')) return undefined;
    // Stages ask for headers in lower case.
    return {
      headers: Object.fromEntries(entries.map(([name, one]) => [name.toLowerCase(), one as string])),
      body,
    };
  },
};

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, isOptional: true };
}
