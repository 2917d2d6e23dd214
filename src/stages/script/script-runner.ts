/**
 * What a script mapping needs from outside: something that runs untrusted scripts. The runtime's script host implements
 * it with child processes; stages and compiler only see this interface.
 */
import type { ScriptMappingPlan } from '../plans.ts';

/** What the script's function gets: JSON only. */
export interface ScriptRequest {
  readonly body: unknown;
  /** The whole body where `body` is an element of it; a script sees it as `request.root` in any case. */
  readonly root?: unknown;
  /** Lower-case names; credential headers removed; several values joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  /** ISO 8601. */
  readonly receivedAt: string;
}

export type ScriptFailureCode = 'script-error' | 'script-timeout' | 'script-memory' | 'script-unavailable';

export type ScriptResult =
  | {
      readonly ok: true;
      /** JSON value; null: the script ignores the request. */
      readonly value: unknown;
      /** With `trace`: JSONPaths of the values read from request.body. */
      readonly reads?: readonly string[];
    }
  | {
      readonly ok: false;
      readonly code: ScriptFailureCode;
      /** For the operator: the script's own error message (length-limited, control characters removed). */
      readonly message: string;
      /** Place in the script file, 1-based, where known. */
      readonly line?: number;
      readonly column?: number;
    };

export interface ScriptRunner {
  /** Runs the script once, from a clean state. Never rejects; settles within its deadline. */
  run(
    connector: string,
    script: ScriptMappingPlan,
    request: ScriptRequest,
    options?: { readonly trace?: boolean },
  ): Promise<ScriptResult>;
  close(): Promise<void>;
}

/** Longest script file, in bytes. */
export const MAX_SCRIPT_BYTES = 256 * 1024;
