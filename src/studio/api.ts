/**
 * What the page and its server say to each other: the calls below /studio/api, each a POST with a JSON object, and their
 * answers. Types alone, so that the page can share them. Values of samples and triggers travel as text: what JavaScript
 * would change about a number stays as it was sent.
 */
import type { JsonValue } from '../stages/json/json-value.ts';

export interface Api {
  /** All connectors, and what is wrong in the folder besides. */
  list: { body: object; answer: Listing };
  /** The files of one connector. */
  open: { body: { readonly name: string }; answer: OpenedConnector };
  /** What unsaved texts would do; `edits` are made in the connector file first. */
  draft: { body: DraftRequest; answer: DraftAnswer };
  /** The providers whose signature scheme is known. */
  presets: { body: object; answer: { readonly presets: readonly PagePreset[] } };
  /** Of a preset, the events of which samples come with Sluice. */
  shipped: { body: { readonly preset: string }; answer: { readonly events: readonly ShippedEvent[] } };
  /** The files of a new connector, as drafts. */
  create: { body: CreateBody; answer: CreateAnswer };
  /** What somebody pasted as an example request. */
  paste: { body: { readonly text: string }; answer: PastedAnswer };
  /** Opens the window for the next request, or looks at what has come. */
  capture: { body: { readonly name: string; readonly seconds?: number | undefined }; answer: CaptureAnswer };
  /** A request beside what would go into a sample's file. */
  redact: { body: RedactRequestBody; answer: RedactAnswer };
  /** Who may call, what is missing for that, and what blocks going live. */
  security: { body: Texts; answer: SecurityAnswer };
  /** A test card, or a signed request from outside. */
  send: { body: SendBody; answer: SentAnswer };
  /** The recorded cases, run on the drafts. */
  cases: { body: Texts; answer: CasesAnswer };
  /** What a merge of the saved files would do. */
  compare: { body: { readonly name: string }; answer: CompareAnswer };
  /** What may stand at a place of the connector file. */
  complete: { body: Texts & { readonly offset: number }; answer: CompleteAnswer };
  held: { body: { readonly name: string }; answer: HeldAnswer };
  hold: { body: { readonly id: string }; answer: HeldDetail };
  /** What would be written to accept a held request. */
  learn: { body: Texts & { readonly id: string; readonly keep: readonly string[] }; answer: LearnAnswer };
  /** One change that would let more of what is held pass. */
  mend: { body: Texts; answer: MendAnswer };
  pause: { body: { readonly name: string; readonly reason: string }; answer: object };
  resume: { body: { readonly name: string }; answer: object };
  replay: { body: { readonly ids: readonly string[]; readonly dryRun: boolean }; answer: ReplayAnswer };
  discard: { body: { readonly ids: readonly string[] }; answer: object };
  /** Writes files that nobody else has changed meanwhile. */
  save: { body: SaveRequest; answer: SaveAnswer };
}

export type Call = keyof Api;

/** An answer with another status than 200. */
export interface Refusal {
  readonly status: number;
  /** One sentence: what is wrong and what to do. */
  readonly detail: string;
}

export interface Listing {
  /** The folder as people write it. */
  readonly folder: string;
  readonly connectors: readonly ListedConnector[];
  /** Of files that belong to no connector. */
  readonly problems: readonly PageProblem[];
  /** Whether requests are received here: false where only files are edited. */
  readonly isServing: boolean;
}

export interface ListedConnector {
  /** Name of its folder or file, by which calls name it. */
  readonly name: string;
  readonly description: string | null;
  readonly status: 'test' | 'live' | 'disabled' | null;
  readonly errors: number;
  readonly warnings: number;
  /** Why it is paused; null: it is not, or nothing is served here. */
  readonly paused: string | null;
  readonly held: number;
}

export interface PageFile {
  /** Inside the connector's folder. */
  readonly path: string;
  readonly kind: 'connector' | 'sample' | 'script' | 'case' | 'body';
  readonly text: string;
  readonly digest: string;
}

export interface OpenedConnector {
  readonly name: string;
  /** The path of the connector file, as people write it. */
  readonly file: string;
  readonly files: readonly PageFile[];
}

export interface Texts {
  readonly name: string;
  /** Texts that differ from the disk, by path; all others are read. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface DraftRequest extends Texts {
  readonly edits?: readonly PageEdit[] | undefined;
}

/** A change of the connector file. `yaml` is a value as somebody would write it into the file. */
export type PageEdit =
  | { readonly kind: 'set'; readonly pointer: string; readonly value: JsonValue }
  | { readonly kind: 'set'; readonly pointer: string; readonly yaml: string }
  | { readonly kind: 'remove'; readonly pointer: string }
  | { readonly kind: 'insert'; readonly pointer: string; readonly index: number; readonly value: JsonValue };

export interface DraftAnswer {
  /** The connector file with the edits in it. */
  readonly text: string;
  /** What it says; null: it cannot be read as YAML. Integers past 2^53 are texts here. */
  readonly value: JsonValue;
  /** Why an edit was not made; null: all were. */
  readonly refused: string | null;
  readonly problems: readonly PageProblem[];
  readonly samples: readonly PageSample[];
  readonly properties: readonly PageProperty[];
  /** How many there are besides those listed. */
  readonly moreProperties: number;
  /** What differs from the disk. */
  readonly changes: readonly FileChange[];
  /** What a request's signature proves, and what pauses the connector: sentences. */
  readonly facts: readonly string[];
}

export interface PageProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** Inside the connector's folder where it is one of its files; else as people write it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In UTF-16 units of the file's text. */
  readonly offset: number;
  readonly length: number;
  readonly notes: readonly string[];
  /** The place in the connector file; null: it is in another file. */
  readonly pointer: string | null;
  /** What can be done without asking. */
  readonly fix: PageFix | null;
  readonly silenced: string | null;
}

export interface PageFix {
  readonly title: string;
  readonly edits: readonly { readonly offset: number; readonly length: number; readonly text: string }[];
}

export interface PageSample {
  readonly name: string;
  /** Path of its file; null: it stands in the connector file. */
  readonly path: string | null;
  /** Pretty JSON text, cut where it is very long. */
  readonly body: string;
  /** What `when` says to it, in a sentence; null: it is for this connector. */
  readonly notOurs: string | null;
  readonly mode: 'test' | 'live';
  readonly elements: readonly PageElement[];
}

export type PageElement =
  | {
      readonly kind: 'card';
      readonly targetUserIds: readonly string[];
      /** Path in the trigger (a JSON pointer), and the value as text. */
      readonly rows: readonly { readonly pointer: string; readonly label: string; readonly text: string }[];
      /** Pretty JSON text. */
      readonly json: string;
    }
  | { readonly kind: 'ignored'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'held';
      readonly code: string;
      readonly message: string;
      readonly pauses: boolean;
      readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
    };

export interface PageProperty {
  readonly path: string;
  /** Of its last step: how it is shown in a tree, and how deep. */
  readonly label: string;
  readonly depth: number;
  readonly type: string;
  readonly isOptional: boolean;
  /** One for each sample, as short JSON text; null: it is not in that sample. */
  readonly examples: readonly (string | null)[];
  /** The mapping or a condition reads it. */
  readonly isUsed: boolean;
}

export interface FileChange {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  readonly lines: readonly { readonly mark: '-' | '+' | ' ' | '…'; readonly text: string }[];
}

export interface SaveRequest {
  readonly name: string;
  readonly writes: readonly {
    readonly path: string;
    /** Of the file as the page knows it; null: there was none. */
    readonly seen: string | null;
    /** null: the file goes. */
    readonly text: string | null;
  }[];
}

export type SaveAnswer =
  | { readonly saved: true; readonly files: readonly PageFile[] }
  /** Nothing was written: these are different by now. A text of null: the file is gone. */
  | {
      readonly saved: false;
      readonly conflicts: readonly {
        readonly path: string;
        readonly text: string | null;
        readonly digest: string | null;
      }[];
    };

export interface PagePreset {
  readonly name: string;
  readonly title: string;
  /** The provider's own description of its scheme. */
  readonly docs: string;
  /** What a request has to have. */
  readonly checks: string;
  /** What of a request may have been changed or repeated all the same. */
  readonly open: readonly string[];
  readonly weak: string | null;
  readonly notes: readonly string[];
  readonly handshakes: readonly string[];
  readonly limits: readonly string[];
  readonly secretScope: 'endpoint' | 'account' | 'app' | 'provider';
}

/** An event of a provider of which samples come with Sluice. */
export interface ShippedEvent {
  readonly event: string;
  /** What happened, in a few words. */
  readonly title: string;
}

/** Exactly one of preset, header and urlKey. */
export interface CreateBody {
  readonly name: string;
  readonly actionFlow: string;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly preset?: string | undefined;
  /** Which header carries a signature of the body. */
  readonly header?: string | undefined;
  readonly urlKey?: boolean | undefined;
  /** JSON text of an example request. */
  readonly sample?: string | undefined;
  /** One of the preset's events of which there are samples, instead of a sample. */
  readonly event?: string | undefined;
}

export interface CreateAnswer {
  /** By path. */
  readonly texts: Readonly<Record<string, string>>;
  /** Paths of keys in the sample that look like personal data and stay: nothing is drafted before somebody agrees. */
  readonly keys: readonly string[];
}

export interface PastedAnswer {
  readonly kind: 'json' | 'form' | 'curl';
  /** JSON text of {headers, body}. */
  readonly sample: string;
}

export interface CaptureAnswer {
  /** Where the request has to go. */
  readonly url: string;
  /** Milliseconds since the epoch; null: no window is open. */
  readonly endsAt: number | null;
  readonly latest: { readonly name: string; readonly sample: string } | null;
}

export interface RedactRequestBody extends Texts {
  /** JSON text of {headers, body}, or of a body. */
  readonly sample: string;
  /** Paths whose values stay. */
  readonly keep: readonly string[];
}

export interface RedactAnswer {
  /** The sample file with values replaced, and as it arrived. */
  readonly text: string;
  readonly whole: string;
  readonly rows: readonly { readonly path: string; readonly was: string; readonly is: string }[];
  readonly kept: readonly { readonly path: string; readonly by: string }[];
  /** As in CreateAnswer. */
  readonly keys: readonly string[];
  /** Who may be meant to get the card, best first. */
  readonly targets: readonly { readonly path: string; readonly reason: string }[];
}

export interface SecurityAnswer {
  readonly proof: string;
  readonly preset: PagePreset | null;
  /** Names alone; `missing` says why a secret cannot be used here. */
  readonly secrets: readonly { readonly name: string; readonly missing: string | null }[];
  readonly addresses: readonly string[];
  readonly hasUrlKey: boolean;
  readonly url: string | null;
  /** Errors that it would have with the status live. */
  readonly blocks: readonly PageProblem[];
}

export interface SendBody {
  readonly name: string;
  /** JSON text of {headers, body}, or of a body. */
  readonly sample: string;
  readonly to?: string | undefined;
  readonly how: 'card' | 'signed';
}

export interface SentAnswer {
  readonly outcome: string;
  readonly code: string;
  readonly message: string | null;
  /** HTTP; null: it was a test card. */
  readonly status: number | null;
  /** JSON texts. */
  readonly triggers: readonly string[];
}

export interface CasesAnswer {
  /** False: the connector has errors. */
  readonly canRun: boolean;
  readonly runs: readonly {
    readonly note: string;
    readonly file: string;
    readonly line: number;
    readonly passes: boolean;
    readonly outcome: string | null;
    readonly lines: readonly { readonly kind: string; readonly text: string }[];
  }[];
}

interface PageDifference {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export interface HeldAnswer {
  readonly isServed: boolean;
  readonly paused: {
    readonly reason: string;
    /** ISO 8601. */
    readonly at: string;
    readonly differences: readonly PageDifference[];
  } | null;
  readonly total: number;
  readonly holds: readonly {
    readonly id: string;
    readonly code: string;
    readonly message: string;
    /** Milliseconds since the epoch. */
    readonly receivedAt: number;
    readonly count: number;
    readonly mode: string;
  }[];
}

export interface HeldDetail {
  readonly id: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly differences: readonly PageDifference[];
}

export interface LearnAnswer {
  readonly texts: Readonly<Record<string, string>>;
  readonly path: string;
  /** As in CreateAnswer. */
  readonly keys: readonly string[];
  /** What the shape accepts then that it did not before. */
  readonly changes: readonly string[];
}

export interface MendAnswer {
  /** Of the requests that are held, the newest: how many were tried. */
  readonly judged: number;
  /** What the connector would do with them as it is now, and with the change. */
  readonly before: Fates;
  /** What was delivered and noted as drifted since the runtime started. */
  readonly drifted: { readonly count: number; readonly differences: readonly PageDifference[] } | null;
  /** null: nothing that was tried lets more of them pass. */
  readonly change: {
    readonly steps: readonly string[];
    /** By path inside the connector's folder. */
    readonly texts: Readonly<Record<string, string>>;
    readonly patch: string;
    readonly after: Fates;
  } | null;
}

export interface Fates {
  readonly delivered: number;
  readonly ignored: number;
  readonly held: number;
}

export interface ReplayAnswer {
  readonly results: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly code: string;
    readonly message: string | null;
  }[];
}

/** A line of the stream below /studio/events. */
export type PageEvent =
  | { readonly kind: 'compiled' }
  | { readonly kind: 'request'; readonly request: PageRequest };

/** A request that has come in, as the inspector shows it. In memory of `dev` alone. */
export interface PageRequest {
  readonly id: string;
  readonly connector: string | null;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly latencyMs: number;
  readonly method: string;
  readonly status: number;
  readonly outcome: string;
  readonly code: string;
  /** One for each stage, in order. */
  readonly stages: readonly {
    readonly name: string;
    readonly verdict: 'passed' | 'failed' | 'not reached' | 'none';
  }[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Paths that differ from the samples. */
  readonly differences: readonly PageDifference[];
  readonly triggers: readonly string[];
  /** JSON text of {headers, body}: what a sample or another send begins with; null: the body is no JSON or form. */
  readonly sample: string | null;
  readonly curl: string;
}

export interface CompareAnswer {
  /** What it is compared with, such as origin/main; null: there is nothing to compare with, and `problem` says why. */
  readonly base: string | null;
  readonly problem: string | null;
  readonly changes: readonly { readonly severity: string; readonly message: string }[];
  readonly gates: readonly { readonly result: string; readonly message: string }[];
  /** Samples and cases of which something else becomes. */
  readonly requests: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** For the description of the pull request: Markdown. */
  readonly text: string;
}

export interface CompleteAnswer {
  /** Where what is completed begins. */
  readonly from: number;
  readonly options: readonly { readonly label: string; readonly insert: string; readonly detail: string }[];
}
