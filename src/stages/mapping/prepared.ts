/**
 * What the preparing halves of expressions share: what one comes to, what it can use besides the request, and how something
 * wrong with it is reported.
 */
import { stringifyJson } from '../json/json-text.ts';
import type { ExpressionPlan, PathRead } from '../plans.ts';
import type { Report } from '../problem.ts';

export interface ExpressionRead extends PathRead {
  /** Where the connector file names the paths: a text, or a list of texts. */
  readonly pointer: string;
  /** Inside a template: the paths' place in its text, in UTF-16 units. Without `optional` a template needs it to resolve. */
  readonly within?: { readonly offset: number; readonly length: number };
}

export interface PreparedExpression {
  readonly plan: ExpressionPlan;
  readonly reads: readonly ExpressionRead[];
  /** many: a list, whatever the request; any: that depends on it. */
  readonly gives: 'one' | 'many' | 'any';
}

/** What expressions can use besides the request. */
export interface Surroundings {
  /** A named value; null: it was reported; undefined: there is none. */
  readonly named: (name: string) => PreparedExpression | null | undefined;
  readonly names: readonly string[];
  /** `$$` is more than `$`. */
  readonly isBatch: boolean;
}

export const ALONE: Surroundings = { named: () => undefined, names: [], isBatch: false };

/** The named value; reports one that there is not. */
export function lookUp(
  name: string,
  pointer: string,
  report: Report,
  around: Surroundings,
  within?: { readonly offset: number; readonly length: number },
): PreparedExpression | null {
  const prepared = around.named(name);
  if (prepared !== undefined) return prepared;
  const known =
    around.names.length === 0 ? 'there are none' : `there are ${around.names.map(quote).join(', ')}`;
  const message = `${quote(name)} is no named value (${known}); write ${quote(`$.${name}`)} for a value of the payload, or name it under \`values\``;
  report({ code: 'expression-invalid', pointer, message, ...(within && { within }) });
  return null;
}

export function invalid(report: Report, pointer: string, message: string): null {
  report({ code: 'expression-invalid', pointer, message });
  return null;
}

export function quote(value: unknown): string {
  return value === undefined ? 'nothing' : stringifyJson(value);
}

/** Prepares one expression: handed to those who meet one inside their own words. */
export type PrepareExpression = (
  spec: unknown,
  pointer: string,
  report: Report,
  around: Surroundings,
) => PreparedExpression | null;
