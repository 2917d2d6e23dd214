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

export interface DraftRequest {
  readonly name: string;
  /** Texts that differ from the disk, by path; all others are read. */
  readonly texts: Readonly<Record<string, string>>;
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
