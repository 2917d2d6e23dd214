/**
 * Code generation for the hot path: a shape in, a function that says whether a payload fits it out. The source holds
 * nothing of the shape but its keys, as JSON texts, and numbers; no payload ever reaches it. Own members only.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { compileForms } from './forms.ts';
import { isAnything, type ShapeType } from './json-type.ts';

export type Fits = (payload: JsonValue) => boolean;

export interface GenerateOptions {
  /** Whether members that the shape does not have are taken. */
  readonly unknownMembers: 'refuse' | 'allow';
  /** Also wants null where the samples have only null, and lists with or without elements as the samples have them. */
  readonly literal?: boolean;
  /** Texts may look like anything. */
  readonly anyForm?: boolean;
}

/** Names that every object answers to. All others can only be there as own members. */
const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

const SCALAR_TESTS: Readonly<Record<Exclude<ShapeType, 'object' | 'array'>, string>> = {
  string: "typeof v === 'string'",
  // Integers past 2^53 are bigints.
  number: "typeof v === 'number' || typeof v === 'bigint'",
  boolean: "typeof v === 'boolean'",
};

/** Makes the function. Costs about as much as 50 checks, so do it on first use. */
export function generateChecker(shape: Shape, options: GenerateOptions): Fits {
  const generator = new Generator(options);
  return new Function('forms', sourceOf(generator, shape))(generator.forms) as Fits;
}

/** The source of a function body that returns the checker. Exported for tests: what a hostile key turns into. */
export function generateSource(shape: Shape, options: GenerateOptions): string {
  return sourceOf(new Generator(options), shape);
}

function sourceOf(generator: Generator, shape: Shape): string {
  const test = generator.testOf(shape);
  return `'use strict';\n${generator.functions.join('\n')}\nreturn (v) => ${test};`;
}

class Generator {
  readonly functions: string[] = [];
  /** Tests of forms, by the index that the source calls them by. */
  readonly forms: ReturnType<typeof compileForms>[] = [];
  readonly #formIndexes = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #refuseUnknown: boolean;
  readonly #literal: boolean;
  readonly #anyForm: boolean;

  constructor(options: GenerateOptions) {
    this.#refuseUnknown = options.unknownMembers === 'refuse';
    this.#literal = options.literal === true;
    this.#anyForm = options.anyForm === true;
  }

  /** An expression over `v` that is true when it fits; false for undefined. */
  testOf(shape: Shape): string {
    if (isAnything(shape)) return this.#literal && shape.nullable ? 'v === null' : 'v !== undefined';
    const tests = shape.types.map((type) => {
      if (type === 'object') return `${this.#objectTest(shape)}(v)`;
      if (type === 'array') return `${this.#listTest(shape)}(v)`;
      const formTest = type === 'boolean' ? null : this.#formTest(shape);
      return formTest === null ? SCALAR_TESTS[type] : `((${SCALAR_TESTS[type]}) && ${formTest})`;
    });
    if (shape.nullable) tests.push('v === null');
    return tests.join(' || ');
  }

  #formTest({ forms }: Shape): string | null {
    if (forms === undefined || this.#anyForm) return null;
    const key = forms.join();
    const index = this.#formIndexes.get(key) ?? this.forms.push(compileForms(forms)) - 1;
    this.#formIndexes.set(key, index);
    return `forms[${index}](v)`;
  }

  #objectTest({ members, optional, values }: Shape): string {
    const lines = ["if (typeof o !== 'object' || o === null || Array.isArray(o)) return false;"];
    if (values !== undefined) lines.push(...this.#valueLines(values));
    else if (members !== undefined) lines.push(...this.#memberLines(members, new Set(optional)));
    return this.#define([...lines, 'return true;']);
  }

  #valueLines(values: Shape): string[] {
    return ['let v;', `for (const k in o) { v = o[k]; if (!(${this.testOf(values)})) return false; }`];
  }

  #memberLines(members: Readonly<Record<string, Shape>>, optional: ReadonlySet<string>): string[] {
    const names = Object.keys(members).sort();
    const lines = ['let v;'];
    if (this.#refuseUnknown) lines.push(`let n = ${names.length - optional.size};`);
    for (const name of names) {
      const test = this.testOf(members[name] as Shape);
      const key = keyText(name);
      lines.push(
        INHERITED_NAMES.has(name)
          ? `v = Object.hasOwn(o, ${key}) ? o[${key}] : undefined;`
          : `v = o[${key}];`,
      );
      if (!optional.has(name)) lines.push(`if (!(${test})) return false;`);
      else
        lines.push(
          `if (v !== undefined) { if (!(${test})) return false;${this.#refuseUnknown ? ' n++;' : ''} }`,
        );
    }
    // All that the shape has is accounted for: one more member is one that it does not have.
    if (this.#refuseUnknown) lines.push('for (const k in o) n--;', 'if (n !== 0) return false;');
    return lines;
  }

  #listTest({ items }: Shape): string {
    const lines = ['if (!Array.isArray(o)) return false;'];
    if (this.#literal) lines.push(`if (o.length ${items === undefined ? '!==' : '==='} 0) return false;`);
    if (items !== undefined && (this.#literal || !isAnything(items))) {
      lines.push(
        'let v;',
        `for (let i = 0; i < o.length; i++) { v = o[i]; if (!(${this.testOf(items)})) return false; }`,
      );
    }
    return this.#define([...lines, 'return true;']);
  }

  /** Equal parts of a shape (a user here, a user there) share one function. */
  #define(lines: readonly string[]): string {
    const body = lines.join('\n  ');
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = `f${this.#names.size}`;
    this.#names.set(body, name);
    this.functions.push(`function ${name}(o) {\n  ${body}\n}`);
    return name;
  }
}

/** A name as a string literal. JSON texts are JavaScript since ES2019; the two line separators are escaped all the same. */
function keyText(name: string): string {
  return JSON.stringify(name).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
