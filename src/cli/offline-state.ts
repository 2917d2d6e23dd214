/** Works on a state folder while no runtime runs: takes the folder's lock, does one thing, lets go. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openStateOwner } from '../runtime/state/files/open-state-owner.ts';
import type { StateOwner } from '../runtime/state/state-owner.ts';
import { type Context, EXIT, type ExitCode, printError } from './context.ts';
import { refuseTrackedState } from './tracked-state.ts';

export async function withOfflineState(
  context: Context,
  state: string,
  use: (owner: StateOwner) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = resolve(context.cwd, state);
  if (!existsSync(folder)) {
    printError(
      context,
      `no runtime answers, and there is no state folder "${state}": say where they are with --admin and --state`,
    );
    return EXIT.problems;
  }
  const tracked = await refuseTrackedState(context, state);
  const opened =
    tracked === null ? await openStateOwner({ folder }) : { ok: false as const, message: tracked };
  if (!opened.ok) {
    printError(context, opened.message);
    return EXIT.problems;
  }
  try {
    return await use(opened.owner);
  } finally {
    await opened.owner.close();
  }
}
