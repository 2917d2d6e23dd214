/** A running runtime, as the command line and programs that embed it see it, and what may keep it from starting. */
import type { RequestListener } from 'node:http';
import type { DestinationStream } from 'pino';
import type { StatusReport } from '../../admin-api/answers.ts';
import type { Control } from '../admin/control.ts';
import type { ActivateResult } from '../bundles/activate.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { IngressDeps, WebhookHandler } from '../ingress/webhook-handler.ts';
import type { Target } from '../targets/target.ts';
import type { StartFailure } from './start-failure.ts';

export interface StartOptions {
  /** Gets what a person should read at the start; what happens later is in the log. */
  readonly announce: (text: string) => void;
  /** Serves this instead of watching the configured file; null: nothing yet, `activate` brings the first. */
  readonly bundle?: Buffer | null;
  /** Nothing listens for webhooks: the program around hands them to `handle`. In one process alone. */
  readonly isEmbedded?: boolean;
  /** Targets of the program around by name, beside and instead of those of the configuration; in one process alone. */
  readonly targets?: Readonly<Record<string, Target>>;
  /** Only for development: what names a target that is not there goes to the default one. */
  readonly isLenient?: boolean;
  /** Where secrets are found; looked at anew for each request. Default: the environment. */
  readonly secretEnv?: Readonly<Record<string, string | undefined>>;
  /** Where the log goes; default: JSON to standard output, lines for people to standard error. */
  readonly logTo?: DestinationStream;
  /** Only for development, in one process: hears of every request with its payload. */
  readonly inspect?: IngressDeps['inspect'];
  /** Only for development: what is answered below this path of the admin port, with a guard of its own. */
  readonly adminMount?: {
    readonly path: string;
    readonly create: (control: Control) => RequestListener;
  };
}

export interface Runtime {
  /** Where a program around hands in requests; null: this runtime listens itself. */
  readonly handle: WebhookHandler | null;
  readonly ingressUrl: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  /** Serves another bundle. Resolves when every process serves it, or it was refused. */
  activate(bytes: Buffer): Promise<ActivateResult>;
  /**
   * Reads again what may have changed on disk: keys that are trusted now, the bundle, secrets. Resolves when it is served,
   * or was refused. What else the configuration says is read at the start alone.
   */
  reload(config: Pick<RuntimeConfig, 'trustedKeys'>): Promise<void>;
  status(): Promise<StatusReport>;
  /** Takes nothing new, finishes what has begun within 10 s, and lets go of the state folder. */
  close(): Promise<void>;
}

export type StartResult =
  | { readonly ok: true; readonly runtime: Runtime }
  | { readonly ok: false; readonly code: StartFailure; readonly message: string };
