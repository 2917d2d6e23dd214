/**
 * Text templates of the mapping, `Hello {{ $.name ?? "there" }}`: a text in, its parts and the paths they read out.
 * Between the braces stand paths and names of values, tried in turn, and last a text in quotes for when none resolves; `{{ "{{" }}` writes
 * braces. Only reads the template; filling it in is up to expression.ts.
 */
import { parseScopedPath } from '../json/json-path.ts';
import { readQuoted } from '../json/json-path-grammar.ts';

export interface TemplateFill {
  /** Paths, and names of values. */
  readonly paths: readonly string[];
  readonly default?: string;
}

export interface TemplateProblem {
  readonly code: 'expression-invalid' | 'path-invalid' | 'path-filter-refused' | 'path-key-forbidden';
  readonly message: string;
  /** Place in the template's text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

export interface ParsedTemplate {
  readonly parts: readonly (string | TemplateFill)[];
  /** Where each path stands in the template's text, in the order of the parts. */
  readonly reads: readonly (TemplateFill & {
    readonly offset: number;
    readonly length: number;
    /** Where the text behind ?? stands, with its quotes. */
    readonly fallback?: { readonly offset: number; readonly length: number };
  })[];
  /** Empty for a template that can be used. */
  readonly problems: readonly TemplateProblem[];
}

/** Up to where a path goes: brackets may hold quotes, and quotes anything. Whether it is one, parsePath says. */
const PATH = /\$(?:\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*\]|[^\s[\]{}?'"])*/y;
/** A named value; what follows tells it from `{{name}}` of another language. */
const NAME = /[A-Za-z_][\w-]*(?=\s*(?:\}\}|\?\?))/y;
const BLANKS = /\s*/y;

/** Splits a template into texts and fills. Never throws. */
export function parseTemplate(text: string): ParsedTemplate {
  const scanner = new TemplateScanner(text);
  scanner.scan();
  return scanner;
}

class TemplateScanner implements ParsedTemplate {
  readonly parts: (string | TemplateFill)[] = [];
  readonly reads: ParsedTemplate['reads'][number][] = [];
  readonly problems: TemplateProblem[] = [];
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    for (;;) {
      const open = this.#text.indexOf('{{', this.#position);
      this.#addText(this.#text.slice(this.#position, open < 0 ? undefined : open));
      if (open < 0) return;
      this.#position = open + 2;
      if (!this.#scanFill(open)) return;
    }
  }

  /** False when what follows cannot be told apart any more. */
  #scanFill(open: number): boolean {
    const paths: string[] = [];
    const start = this.#skipBlanks();
    let end = start;
    let fallback: string | undefined;
    let place: { offset: number; length: number } | undefined;
    do {
      this.#skipBlanks();
      const quoted = readQuoted(this.#text, this.#position);
      if (quoted?.text != null) {
        fallback = quoted.text;
        place = { offset: this.#position, length: quoted.length };
        this.#position += quoted.length;
        break;
      }
      const path = this.#match(PATH) || this.#match(NAME);
      if (path === '') return this.#fail('expects a path, the name of a value or a text in quotes', open);
      if (path.startsWith('$')) this.#checkPath(path);
      paths.push(path);
      this.#position += path.length;
      end = this.#position;
    } while (this.#take('??'));
    if (!this.#take('}}')) {
      return this.#fail('expects }} after a path, or ?? and what to take instead', open);
    }
    if (paths.length === 0) {
      this.#addText(fallback ?? '');
      return true;
    }
    const fill = { paths, ...(fallback === undefined ? {} : { default: fallback }) };
    this.parts.push(fill);
    this.reads.push({ ...fill, offset: start, length: end - start, ...(place && { fallback: place }) });
    return true;
  }

  #checkPath(path: string): void {
    const parsed = parseScopedPath(path);
    if (!parsed.ok) {
      const { code, message, length } = parsed;
      this.problems.push({ code, message, offset: this.#position + parsed.offset, length });
    } else if (!parsed.plain) {
      const message = `${JSON.stringify(path)} can name several values, but a text takes one; use an index such as [0], or name it under \`values\` with join: ", " or pick: first`;
      this.problems.push({
        code: 'expression-invalid',
        message,
        offset: this.#position,
        length: path.length,
      });
    }
  }

  #addText(text: string): void {
    const last = this.parts.at(-1);
    if (text === '') return;
    if (typeof last === 'string') this.parts[this.parts.length - 1] = last + text;
    else this.parts.push(text);
  }

  #take(token: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #skipBlanks(): number {
    this.#position += this.#match(BLANKS).length;
    return this.#position;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #fail(expectation: string, open: number): false {
    const length = Math.min(this.#text.length, this.#position + 1) - open;
    const message = `the template's ${JSON.stringify(this.#text.slice(open, open + 20))} ${expectation}, as in {{ $.name ?? "there" }}; for braces themselves write {{ "{{" }}`;
    this.problems.push({ code: 'expression-invalid', message, offset: open, length });
    return false;
  }
}
