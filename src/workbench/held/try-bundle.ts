/**
 * In: a bundle that is not served yet, and holds. Out: what a replay would come to if it were, and which connectors would
 * be paused all the same. The bundle is run here, by the stages that a runtime runs; the runtime never sees it.
 */

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReplayView } from '../../admin-api/answers.ts';
import type { PauseRecord } from '../../admin-api/records.ts';
import { MAX_BUNDLE_BYTES } from '../../bundle/codec.ts';
import { Activation } from '../../runtime/bundles/activate.ts';
import { type DryRunDeps, dryRunHold } from '../../runtime/redelivery/replay.ts';
import { viewReplay, viewUnknownHold } from '../../runtime/redelivery/replay-view.ts';
import { withScripts } from '../compile/compile-folder.ts';
import type { HoldSource } from './hold-source.ts';

export type ReadBundle =
  | { readonly ok: true; readonly bundle: Activation }
  | { readonly ok: false; readonly message: string };

/** A signature is not looked at: nothing is served. */
export async function readBundleToTry(folder: string, file: string): Promise<ReadBundle> {
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
  const bundle = new Activation();
  const taken = bundle.activate(bytes, file);
  if (taken.ok) return { ok: true, bundle };
  return { ok: false, message: `"${file}" is not a sound bundle: ${taken.message}` };
}

export interface BundleTrial {
  readonly results: readonly ReplayView[];
  /** Pauses that the bundle does not lift: a replay would be refused until somebody resumes. */
  readonly stillPaused: readonly PauseRecord[];
}

export function tryBundle(
  bundle: Activation,
  source: HoldSource,
  ids: readonly string[],
  each: boolean,
  onResult: (result: ReplayView, total: number) => void,
): Promise<BundleTrial> {
  return withScripts(async (scripts) => {
    const results: ReplayView[] = [];
    const pauses = new Map<string, PauseRecord | null>();
    const deps: DryRunDeps = {
      connector: bundle.connector,
      scripts,
      maxMode: source.maxMode,
      others: (hold) => source.others(hold),
      passes: new Map(),
      each,
    };
    for (const id of ids) {
      const hold = await source.hold(id);
      const result =
        hold === null ? viewUnknownHold(id) : viewReplay(id, hold.connector, await dryRunHold(hold, deps));
      const plan = bundle.served.get(result.connector)?.plan() ?? null;
      if (plan !== null) pauses.set(plan.id, source.pauseOf(plan.id, plan.behaviour, plan.behaviourBefore));
      results.push(result);
      onResult(result, ids.length);
    }
    return { results, stillPaused: [...pauses.values()].filter((pause) => pause !== null) };
  });
}
