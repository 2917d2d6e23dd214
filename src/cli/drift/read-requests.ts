/**
 * Where `sluice drift` gets its requests from: files of past payloads, or what the runtime holds, with what it has noted as
 * drifted. In: the options. Out: the requests, to be read as often as asked for, or why there are none.
 */
import { resolve } from 'node:path';
import type { ConnectorReport } from '../../admin-api/answers.ts';
import { heldRequests } from '../../workbench/drift/held-requests.ts';
import { findPayloadFiles, readPayloads } from '../../workbench/drift/read-payloads.ts';
import type { ReadRequests } from '../../workbench/drift/review.ts';
import { type HoldSource, holdsOfFolder } from '../../workbench/held/hold-source.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, printError } from '../context.ts';
import { holdsOfRuntime, SourceFailure } from '../held/holds-of-runtime.ts';
import { withOfflineState } from '../offline-state.ts';

export interface Requests {
  readonly read: ReadRequests;
  /** What the runtime has noted as drifted; null: it has noted nothing, or was not asked. */
  readonly noted: ConnectorReport['drift'];
  /** Said where there is nothing to judge. */
  readonly nothing: string;
}

type Use = (requests: Requests) => Promise<ExitCode>;

export async function withFiles(context: Context, path: string, use: Use): Promise<ExitCode> {
  const files = await findPayloadFiles(resolve(context.cwd, path));
  if (files === null) {
    printError(context, `there is no "${path}"; give a folder of payloads, or a file with one a line`);
    return EXIT.usage;
  }
  return use({
    read: (plan) => readPayloads(files, context.cwd, plan),
    noted: null,
    nothing: `"${path}" holds no payload; files end in .json, .ndjson or .jsonl`,
  });
}

/** The newest `last` requests that are held for the connector, of a running runtime or of the state folder that none has. */
export async function withHeld(
  context: Context,
  id: string,
  options: AdminOptions & { readonly last: number },
  use: Use,
): Promise<ExitCode> {
  const fail = (message: string): ExitCode => {
    printError(context, message);
    return EXIT.problems;
  };
  const run = async (source: HoldSource, noted: ConnectorReport['drift']): Promise<ExitCode> => {
    const ids = (await source.ids(id)).slice(-options.last);
    const read = heldRequests(ids, (hold) => source.hold(hold));
    return use({ read, noted, nothing: `nothing is held for "${id}"` });
  };
  const status = await callAdmin(context, options, 'GET /status', {});
  if (!status.ok && !status.unreachable) return fail(status.message);
  try {
    if (!status.ok)
      return await withOfflineState(context, options.state, (owner) => run(holdsOfFolder(owner), null));
    const noted = status.value.connectors.find((one) => one.id === id)?.drift ?? null;
    return await run(holdsOfRuntime(context, options, status.value), noted);
  } catch (error) {
    if (error instanceof SourceFailure) return fail(error.message);
    throw error;
  }
}
