/**
 * A runtime inside a program that listens itself. In: a bundle, a state folder, targets of the program's own. Out: what the
 * program mounts (middleware.ts), and what it ends. Reads settings as `serve` does, from variables and by their flags' names.
 */
import type { StatusReport } from '../admin-api/answers.ts';
import type { ActivateResult } from '../runtime/bundles/activate.ts';
import { readConfig } from '../runtime/config/config.ts';
import type { WebhookHandler } from '../runtime/ingress/webhook-handler.ts';
import { startRuntime } from '../runtime/processes/serve.ts';
import type { StartFailure } from '../runtime/processes/start-failure.ts';
import type { Target } from '../runtime/targets/target.ts';

export interface RuntimeOptions {
  /** A file, which is watched for changes; or the bytes of a bundle; absent: `activate` brings the first. */
  readonly bundle?: string | Buffer;
  /** Folder for pauses, held requests and captures: on a volume, for this program alone. */
  readonly state: string;
  /** Targets of one's own by the names that connectors use; `default` for those that name none. */
  readonly targets?: Readonly<Record<string, Target>>;
  /** Further settings of `serve` by the names of their flags, as publicUrl or maxMode; secrets come from the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where secrets and SLUICE_ variables are found. Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Takes the log, a line of JSON at a time, into the program's own. Default: standard output. */
  readonly log?: { write(line: string): void };
  /** Gets what a person should read at the start. Default: standard error. */
  readonly announce?: (text: string) => void;
}

export interface EmbeddedRuntime {
  /** For createMiddleware, createHandler and createFastifyHook. */
  readonly handle: WebhookHandler;
  /** Where `sluice status` and the other commands of operators reach it. */
  readonly adminUrl: string;
  readonly adminToken: string;
  /** Serves another bundle; a bad one leaves the last good one serving. */
  activate(bytes: Buffer): Promise<ActivateResult>;
  status(): Promise<StatusReport>;
  /** Takes nothing new, finishes what has begun within 10 s, and lets go of the state folder. */
  close(): Promise<void>;
}

/** Why a runtime cannot start. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartFailure | 'settings-invalid';

  constructor(code: StartError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Rejects with a StartError where the settings are wrong, or the state folder is another's. */
export async function createRuntime(options: RuntimeOptions): Promise<EmbeddedRuntime> {
  const { bundle, state, targets, log, env = process.env } = options;
  const { announce = (text: string) => void process.stderr.write(`sluice: ${text}\n`) } = options;
  // A port that is free: one machine may run several programs, and the command line finds it by the state folder.
  const admin = env.SLUICE_ADMIN_PORT === undefined ? { adminPort: '0' } : {};
  const file = typeof bundle === 'string' ? { bundle } : {};
  const read = readConfig({ ...admin, ...options.settings, ...file, state }, env);
  if (!read.ok) throw new StartError('settings-invalid', read.problems.join('\n'));
  const started = await startRuntime(read.config, {
    announce,
    isEmbedded: true,
    secretEnv: env,
    ...(typeof bundle === 'string' ? {} : { bundle: bundle ?? null }),
    ...(targets === undefined ? {} : { targets }),
    ...(log === undefined ? {} : { logTo: log }),
  });
  if (!started.ok) throw new StartError(started.code, started.message);
  const { runtime } = started;
  const { handle, adminUrl, adminToken } = runtime;
  if (handle === null) throw new Error('an embedded runtime has no handler');
  return {
    handle,
    adminUrl,
    adminToken,
    activate: (bytes) => runtime.activate(bytes),
    status: () => runtime.status(),
    close: () => runtime.close(),
  };
}
