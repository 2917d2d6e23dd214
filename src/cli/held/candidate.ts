/**
 * In: a bundle that is not served yet, and holds. Out: what a replay would come to if it were, and which connectors would
 * be paused all the same. The bundle is judged here and by the stages that a runtime runs; the runtime never sees it.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_BUNDLE_BYTES } from '../../bundle/codec.ts';
import { Activation } from '../../runtime/bundles/activate.ts';
import { type DryRunDeps, dryRunHold } from '../../runtime/redelivery/replay.ts';
import { type ReplayView, viewReplay, viewUnknownHold } from '../../runtime/redelivery/replay-view.ts';
import { createScriptHost } from '../../runtime/script-host/host.ts';
import type { PauseRecord } from '../../runtime/state/state.ts';
import { COMPILING } from '../compile-folder.ts';
import type { HoldSource } from './hold-source.ts';

export type ReadCandidate =
  | { readonly ok: true; readonly candidate: Activation }
  | { readonly ok: false; readonly message: string };

/** A signature is not looked at: nothing is served. */
export async function readCandidate(folder: string, file: string): Promise<ReadCandidate> {
  let bytes: Buffer;
  try {
    const handle = await open(resolve(folder, file), 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return { ok: false, message: `"${file}" is not a file: name a built bundle` };
      if (stat.size > MAX_BUNDLE_BYTES)
        return {
          ok: false,
          message: `"${file}" has ${stat.size} bytes: at most ${MAX_BUNDLE_BYTES} are read`,
        };
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? error;
    return { ok: false, message: `"${file}" cannot be read: ${code}; build one with \`sluice build --out\`` };
  }
  const candidate = new Activation();
  const taken = candidate.activate(bytes, file);
  if (taken.ok) return { ok: true, candidate };
  return { ok: false, message: `"${file}" is not a sound bundle: ${taken.message}` };
}

export interface CandidateRun {
  readonly results: readonly ReplayView[];
  /** Pauses that the candidate does not lift: a replay would be refused until somebody resumes. */
  readonly stillPaused: readonly PauseRecord[];
}

export async function judgeByCandidate(
  candidate: Activation,
  source: HoldSource,
  ids: readonly string[],
  each: boolean,
  onResult: (result: ReplayView, total: number) => void,
): Promise<CandidateRun> {
  const scripts = createScriptHost(COMPILING);
  const results: ReplayView[] = [];
  const pauses = new Map<string, PauseRecord | null>();
  const deps: DryRunDeps = {
    connector: candidate.connector,
    scripts,
    maxMode: source.maxMode,
    others: (hold) => source.others(hold),
    passes: new Map(),
    each,
  };
  try {
    for (const id of ids) {
      const hold = await source.hold(id);
      const result =
        hold === null ? viewUnknownHold(id) : viewReplay(id, hold.connector, await dryRunHold(hold, deps));
      const plan = candidate.served.get(result.connector)?.plan() ?? null;
      if (plan !== null) pauses.set(plan.id, source.pauseOf(plan.id, plan.behaviour, plan.behaviourBefore));
      results.push(result);
      onResult(result, ids.length);
    }
  } finally {
    await scripts.close();
  }
  return { results, stillPaused: [...pauses.values()].filter((pause) => pause !== null) };
}
