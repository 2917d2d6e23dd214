/** Values that are said once under a name: plans in, a function that gives those of a request out, each worked out once. */
import type { JsonValue } from '../json/json-value.ts';
import type { ExpressionPlan } from '../plans.ts';
import type { RequestHeaders } from '../request.ts';
import { compileFound } from './expression.ts';
import { Failed, type Found, MISSING, type NamedValues, Scope } from './scope.ts';
import type { Read } from './source.ts';

export type OpenScope = (payload: JsonValue, headers: RequestHeaders, root?: JsonValue) => Scope;

/** Makes the function that opens a request for expressions. */
export function compileNamed(plans: Readonly<Record<string, ExpressionPlan>> | undefined): OpenScope {
  if (plans === undefined) return (payload, headers, root) => new Scope(payload, headers, root);
  const reads = new Map(Object.entries(plans).map(([name, plan]) => [name, compileFound(plan)] as const));
  return (payload, headers, root) => {
    const named = new Named(reads);
    const scope = new Scope(payload, headers, root, named);
    named.scope = scope;
    return scope;
  };
}

class Named implements NamedValues {
  scope: Scope | undefined;
  readonly #reads: ReadonlyMap<string, Read>;
  readonly #found = new Map<string, Found>();

  constructor(reads: ReadonlyMap<string, Read>) {
    this.#reads = reads;
  }

  get(name: string): Found {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const read = this.#reads.get(name);
    const found = read === undefined || this.scope === undefined ? MISSING : read(this.scope);
    const kept = found instanceof Failed ? new Failed(`cannot be had: ${found.fact}`) : found;
    this.#found.set(name, kept);
    return kept;
  }
}
