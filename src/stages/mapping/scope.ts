/**
 * What an expression or condition reads: the payload (`$`), the whole body (`$$`), headers, and values by name. Also what
 * is found there, on its way through the steps. Holds values of one request only; nothing outlives it.
 */
import { type CompiledPath, compilePath } from '../json/compile-path.ts';
import { splitRoot } from '../json/json-path.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { RequestHeaders } from '../request.ts';

/** A list that steps look into: what a path with wildcards finds, or a list that was laid flat. */
export class Many {
  readonly values: readonly JsonValue[];
  constructor(values: readonly JsonValue[]) {
    this.values = values;
  }
}

/** The value is there, but not what a step can work with; the fact follows the name of the source. */
export class Failed {
  readonly fact: string;
  constructor(fact: string) {
    this.fact = fact;
  }
}

/** Missing, null, or counted as missing. */
export const MISSING: unique symbol = Symbol('missing');
/** The lists are there, but nothing is in them, or nothing was left of them. */
export const EMPTY: unique symbol = Symbol('empty');

export type Found = JsonValue | Many | Failed | typeof MISSING | typeof EMPTY;

/** True for a value or a list of them. */
export function isPresent(found: Found): found is JsonValue | Many {
  return found !== MISSING && found !== EMPTY && found !== null && !(found instanceof Failed);
}

export interface NamedValues {
  get(name: string): Found;
}

export class Scope {
  readonly payload: JsonValue;
  readonly root: JsonValue;
  readonly headers: RequestHeaders;
  readonly named: NamedValues | null;

  constructor(
    payload: JsonValue,
    headers: RequestHeaders,
    root: JsonValue = payload,
    named: NamedValues | null = null,
  ) {
    this.payload = payload;
    this.headers = headers;
    this.root = root;
    this.named = named;
  }

  /** The same request, with an element of a list as the payload. */
  at(element: JsonValue): Scope {
    return new Scope(element, this.headers, this.root, this.named);
  }
}

/** A path with the scope that it starts in. */
export interface ScopedPath extends CompiledPath {
  /** As seen from where it starts. */
  readonly path: string;
  of(scope: Scope): JsonValue;
}

/** Compiles a path that starts with `$` or `$$`; throws for any that parsePath refuses: that is a bug of the caller. */
export function compileScoped(text: string): ScopedPath {
  const { isRoot, path } = splitRoot(text);
  const compiled = compilePath(path);
  return { ...compiled, text, path, of: isRoot ? (scope) => scope.root : (scope) => scope.payload };
}
