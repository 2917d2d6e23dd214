import { userInfo } from 'node:os';
import { EVERY_CONNECTOR } from '../../runtime/state/overlay.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, failed, print, printError, printJson } from '../context.ts';
import { withOfflineState } from '../offline-state.ts';

export interface PauseOptions extends AdminOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `sluice pause <id>`: verified requests are held until `resume`. Through the admin API or, when no runtime runs, in the state folder. */
export async function pause(context: Context, id: string, options: PauseOptions): Promise<ExitCode> {
  const by = operator(options);
  const reason = options.reason ?? 'paused by an operator';
  const answer = await callAdmin(context, options, 'POST /connectors/:id/pause', {
    id,
    body: { by, reason },
  });
  if (answer.ok)
    return said(
      context,
      options,
      { connector: id, paused: true },
      `${id} is paused: its requests are held until \`sluice resume ${id}\``,
    );
  if (!answer.unreachable) return failed(context, answer.message);
  return withOfflineState(context, options.state, async (owner) => {
    const written = await owner.pause(id, { by, reason });
    if (!written.ok) return failed(context, written.reason);
    return said(
      context,
      options,
      { connector: id, paused: true, offline: true },
      `${id} is paused in ${options.state} (no runtime is running)`,
    );
  });
}

/** `sluice resume <id>`: ends a pause. `--all` ends every pause, also after the overlay file was unreadable. */
export async function resume(
  context: Context,
  id: string | undefined,
  options: PauseOptions & { readonly all?: boolean },
): Promise<ExitCode> {
  if ((id === undefined) === (options.all !== true)) {
    printError(context, 'say which: a connector, or --all');
    return EXIT.usage;
  }
  const by = operator(options);
  const connector = id ?? EVERY_CONNECTOR;
  const name = id ?? 'all connectors';
  const body = { by };
  const answer =
    id === undefined
      ? await callAdmin(context, options, 'POST /resume', { body })
      : await callAdmin(context, options, 'POST /connectors/:id/resume', { id, body });
  if (answer.ok) {
    const { held } = answer.value;
    const replay = `\`sluice held replay --connector ${id ?? '<id>'}\``;
    const next = held > 0 ? `; ${held} held: \`sluice held list\`, then ${replay}` : '';
    const wasPaused = 'wasPaused' in answer.value ? answer.value.wasPaused : true;
    const value = { connector, paused: false, wasPaused, held };
    return said(context, options, value, `${name}: ${wasPaused ? 'resumed' : 'was not paused'}${next}`);
  }
  if (!answer.unreachable) return failed(context, answer.message);
  return withOfflineState(context, options.state, async (owner) => {
    const wasPaused = id === undefined || owner.pauses().some((pause) => pause.connector === id);
    const written = await owner.resume(connector, { by });
    if (!written.ok) return failed(context, written.reason);
    return said(
      context,
      options,
      { connector, paused: false, wasPaused, offline: true },
      `${name}: ${wasPaused ? 'resumed' : 'was not paused'} in ${options.state} (no runtime is running)`,
    );
  });
}

export function operator(options: { readonly by?: string }): string {
  if (options.by !== undefined) return options.by;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function said(context: Context, options: { json?: boolean }, value: unknown, text: string): ExitCode {
  if (options.json) printJson(context, value);
  else print(context, text);
  return EXIT.clean;
}
