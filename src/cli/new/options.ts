/** What `new` is told by flags, and what stops it. */
import { EXIT, type ExitCode } from '../context.ts';
import type { SampleSources } from './read-samples.ts';

export interface NewOptions extends SampleSources {
  readonly dir: string;
  readonly preset?: string;
  /** One of the preset's events of which there are samples. */
  readonly event?: string;
  readonly signatureHeader?: string;
  readonly urlKey?: boolean;
  readonly actionFlow?: string;
  readonly target?: string;
  /** `name=path` */
  readonly variable: readonly string[];
  /** `path=value` or `header=value` */
  readonly when: readonly string[];
  readonly idempotency?: string;
  readonly owner?: string;
  readonly description?: string;
  readonly status: string;
  readonly keep?: readonly string[];
  readonly raw?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What stops a command: a sentence for people and the exit code. */
export interface Stop {
  readonly message: string;
  readonly code: ExitCode;
}

export const GAVE_UP: Stop = { message: 'given up; nothing was written', code: EXIT.problems };

export function misuse(message: string): Stop {
  return { message, code: EXIT.usage };
}
