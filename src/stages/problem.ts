/**
 * How the prepare half of a stage reports what is wrong with a specification. Stages know no YAML: they name a JSON
 * pointer into the connector, and the compiler turns it into file, line and column.
 */
import type { Code } from '../diagnostics/codes.ts';

export interface Problem {
  readonly code: Code;
  /** JSON pointer (RFC 6901) into the connector file's value, such as /mapping/variables/amount/path. */
  readonly pointer: string;
  /** The fact in lower case, the value quoted, then what to do. */
  readonly message: string;
  /** Place inside a text the pointer names: offset and length in UTF-16 units of that string's value. */
  readonly within?: { readonly offset: number; readonly length: number };
  readonly notes?: readonly string[];
  readonly remedy?: Remedy;
}

/**
 * What can be done about a problem without asking, because it is beyond doubt and makes nothing less safe: another text
 * in the place that the problem names, quotes around what stands there, the entry of the list or map taken out, or an empty
 * text as the default of the path that stands there.
 */
export type Remedy =
  | { readonly kind: 'replace'; readonly by: string }
  | { readonly kind: 'quote' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'default' };

/** The remedy of a slip, if what was meant is known. */
export function replaceBy(meant: string | undefined): Pick<Problem, 'remedy'> {
  return meant === undefined ? {} : { remedy: { kind: 'replace', by: meant } };
}

export type Report = (problem: Problem) => void;

/** Appends a member or an index to a JSON pointer. */
export function pointerTo(base: string, key: string | number): string {
  return `${base}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The members and indexes that a JSON pointer goes through. */
export function stepsOfPointer(pointer: string): readonly string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
