/**
 * A connector on its way from text to plan: what the rules read, and what each of them adds for those after it. Turns the
 * JSON pointers that rules and stages report into places in the file.
 */
import type { ConnectorPlan } from '../bundle/plan.ts';
import type { Code } from '../diagnostics/codes.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic, Fix, Note, Span } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Case } from '../generated/case.ts';
import type { Connector } from '../generated/connector.ts';
import { isJsonObject, type JsonValue } from '../stages/json/json-value.ts';
import type {
  BodyPlan,
  ConditionPlan,
  HandshakePlan,
  IdempotencyPlan,
  MappingPlan,
  PathRead,
  ShapePlan,
  SignaturePlan,
  SplitPlan,
  UnwrapPlan,
} from '../stages/plans.ts';
import { type Problem, stepsOfPointer } from '../stages/problem.ts';
import type { EvaluationSample } from '../stages/sample.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import type { UrlPreset } from '../stages/signature/url-presets.ts';
import type { ConnectorFiles } from './connector-files.ts';
import { prepareFix } from './fix/prepare-fix.ts';
import type { ParsedDocument } from './parse.ts';
import { decidesRecipients } from './recipients.ts';

export interface DraftSample extends EvaluationSample {
  /** Display path of the file that holds it: the connector file for an inline one. */
  readonly file: string;
  /** Position in the connector's list. */
  readonly index: number;
  /** What the mapping sees: the body, or each element of a batch. */
  readonly payloads: readonly JsonValue[];
  /** Which elements of the batch these are, counted from 0. */
  readonly elements: readonly number[];
  /** The place in its file of what a JSON pointer names in the body. */
  spanOf(pointer: string, part?: 'key' | 'value'): Span;
}

export interface DraftCase {
  /** Display path. */
  readonly file: string;
  /** Where the case stands in its file: JSON pointer, and line and column, 1-based. */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  readonly note: string;
  readonly case: Case;
}

/** A read of the payload, and where the connector file names the paths. */
export interface DraftRead extends PathRead {
  readonly pointer: string;
  /** Inside a template: the place of the paths in its text. */
  readonly within?: { readonly offset: number; readonly length: number };
}

/** What rules add. Absent: nothing usable was found, and the rule that looked for it has said why. */
export interface DraftParts {
  samples: readonly DraftSample[];
  /** False where one that is named could not be read: what the others lack may be in it. */
  hasAllSamples: boolean;
  /** How bodies are read; after the samples were. */
  reading: BodyPlan;
  unwrap?: readonly UnwrapPlan[];
  when?: readonly ConditionPlan[];
  testWhen?: ConditionPlan | null;
  split?: string | SplitPlan | null;
  mapping?: MappingPlan;
  reads?: readonly DraftRead[];
  shape?: ShapePlan | null;
  envelope?: ShapePlan;
  signature?: SignaturePlan | null;
  /** The sender of a connector without a signature; null: none of those that are known. */
  urlPreset?: UrlPreset | null;
  /** Of a connector without a signature. */
  handshake?: readonly HandshakePlan[];
  allowIps?: readonly string[];
  idempotency?: IdempotencyPlan;
  /** All of it together. Absent while a part is. */
  plan?: ConnectorPlan;
  /** Values of the samples that paths look at, counted before they do. */
  visits: number;
  /** Paths that were reported because no sample has them. */
  readonly unknownPaths: Set<string>;
  cases: readonly DraftCase[];
  bodyFiles: Map<string, Buffer>;
}

export class ConnectorDraft {
  readonly files: ConnectorFiles;
  readonly source: SourceFile;
  readonly document: ParsedDocument;
  readonly scripts: ScriptRunner;
  readonly parts: DraftParts = {
    samples: [],
    hasAllSamples: false,
    reading: { body: 'json' },
    visits: 0,
    unknownPaths: new Set(),
    cases: [],
    bodyFiles: new Map(),
  };
  readonly diagnostics: Diagnostic[] = [];
  /** Pointers of values that are not what the schema wants. */
  readonly #invalid: string[] = [];
  /** Pointers of keys that the schema does not know. */
  readonly #unknownKeys: string[] = [];

  constructor(files: ConnectorFiles, source: SourceFile, document: ParsedDocument, scripts: ScriptRunner) {
    this.files = files;
    this.source = source;
    this.document = document;
    this.scripts = scripts;
  }

  /** The whole specification; null while the schema finds it wrong. */
  get spec(): Connector | null {
    return this.#invalid.length === 0 ? (this.document.value as unknown as Connector) : null;
  }

  /** How people call the connector: its id, or its folder's name. */
  get id(): string {
    return this.section('id') ?? this.files.location.name;
  }

  /** Whether its requests would make live cards. */
  get isLive(): boolean {
    return this.section('status') === 'live';
  }

  /** A part of the specification; undefined where it is absent or not what the schema wants. */
  section<Name extends keyof Connector>(name: Name): Connector[Name] | undefined {
    return this.valueAt(`/${name}`) as Connector[Name] | undefined;
  }

  /** The value that a pointer names; undefined where it is absent, or something in or above it is not what the schema wants. */
  valueAt(pointer: string): unknown {
    const isInvalid = this.#invalid.some(
      (invalid) =>
        invalid === pointer || invalid.startsWith(`${pointer}/`) || pointer.startsWith(`${invalid}/`),
    );
    return isInvalid ? undefined : this.rawValueAt(pointer);
  }

  /** The value as the file has it, whatever the schema says. */
  rawValueAt(pointer: string): JsonValue | undefined {
    let value: JsonValue | undefined = this.document.value;
    for (const key of stepsOfPointer(pointer)) {
      if (Array.isArray(value)) value = value[Number(key)];
      else value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    return value;
  }

  /** Marks a value as not usable; whoever calls it has reported why. */
  invalidate(pointer: string): void {
    this.#invalid.push(pointer);
  }

  /** Marks a key as one that the schema does not know; whoever calls it has reported it. */
  addUnknownKey(pointer: string): void {
    this.#unknownKeys.push(pointer);
  }

  /** Whether a key that is not there stands there misspelt: that it is missing needs no words of its own. */
  isMisspelt(parent: string, key: string): boolean {
    return this.#unknownKeys.some((pointer) => {
      const written = pointer.slice(parent.length + 1);
      return (
        pointer.startsWith(`${parent}/`) && !written.includes('/') && suggest(written, [key]) !== undefined
      );
    });
  }

  /** Reports a problem of the connector file. Bound, so that it can be handed to a stage. */
  readonly report = (
    problem: Problem,
    notes: readonly Note[] = [],
    part: 'key' | 'value' = 'value',
  ): void => {
    const { code, pointer, message, within } = problem;
    const hints = (problem.notes ?? []).map((text) => ({ message: text }));
    const span =
      within === undefined
        ? this.document.spanOf(pointer, part)
        : this.document.spanWithin(pointer, within.offset, within.length);
    // Quotes keep what is written: that is no guess, whoever gets the card.
    const isGuess = decidesRecipients(pointer) && problem.remedy?.kind !== 'quote';
    const fix = isGuess ? null : prepareFix(problem, part, this.document, this.source);
    this.diagnostics.push(diagnose(code, message, span, [...hints, ...notes], fix));
  };

  /** Reports a problem of another file. */
  reportAt(
    code: Code,
    message: string,
    span: Span,
    notes: readonly Note[] = [],
    fix: Fix | null = null,
  ): void {
    this.diagnostics.push(diagnose(code, message, span, notes, fix));
  }
}
