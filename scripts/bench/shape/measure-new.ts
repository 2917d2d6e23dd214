/**
 * In: groups of genuine payloads. Out: what becomes of all but the first of each event at the connector that `new --yes` writes
 * from the first. Runs the proposals, the compiler and the stages themselves; writes below a temporary folder alone.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import { readSample } from '../../../src/stages/sample.ts';
import { DEFAULT_PAUSE_AFTER } from '../../../src/stages/shape/check.ts';
import { withScripts } from '../../../src/workbench/compile/compile-folder.ts';
import { createPayloadJudge } from '../../../src/workbench/drift/judge-payload.ts';
import { Tally } from '../../../src/workbench/drift/tally.ts';
import { connectorText } from '../../../src/workbench/new/connector-text.ts';
import { propose } from '../../../src/workbench/new/propose.ts';
import { SURE } from '../../../src/workbench/new/propose-targets.ts';
import type { SourceGroup } from './load-corpus.ts';

export interface NewCounts {
  readonly events: number;
  /** Of which `new --yes` asks for --target: the payload names nobody surely. */
  readonly unsure: number;
  readonly connectors: number;
  /** Payloads of the events of these connectors, without the first. */
  readonly judged: number;
  /** Delivered, or ignored as there is nobody to tell; an event that `when` does not take is neither. */
  readonly right: number;
  readonly paused: number;
}

export async function measureNew(groups: readonly SourceGroup[]): Promise<NewCounts> {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const made = groups.filter((group, index) => writeConnector(scratch, group, index));
    return await withScripts(async (scripts) => {
      const { connectors } = await compileConnectors({
        folder: scratch,
        cwd: scratch,
        scripts,
        isTemporary: true,
      });
      const counts = {
        events: groups.length,
        unsure: groups.length - made.length,
        connectors: made.length,
        judged: 0,
        right: 0,
        paused: 0,
      };
      for (const group of made) {
        const plan = connectors.find(({ id }) => id === idOf(groups.indexOf(group)))?.plan;
        if (!plan) throw new Error(`${group.name}: what is proposed does not compile`);
        const judge = createPayloadJudge(plan, scripts);
        const tally = new Tally(DEFAULT_PAUSE_AFTER);
        for (const payload of group.payloads.slice(1)) {
          const judged = await judge(readSample('other', payload));
          tally.add('other', judged);
          counts.judged++;
          if (judged.kind !== 'held' && !(judged.kind === 'ignored' && judged.code === 'when-differs'))
            counts.right++;
        }
        if (tally.numbers.firstPause !== null) counts.paused++;
      }
      return counts;
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** 210 of 240 payloads, and 2 of 37 connectors. */
export function isNewAimMet({ judged, right, connectors, paused }: NewCounts): boolean {
  return right / judged >= 210 / 240 && paused / connectors <= 2 / 37;
}

const idOf = (index: number): string => `c${index}`;

/** False where nobody in the payload is surely meant. */
function writeConnector(scratch: string, { payloads }: SourceGroup, index: number): boolean {
  const [first = {}] = payloads;
  const { targets, idempotency, ...proposals } = propose([readSample('first', first)], null);
  const [target] = targets;
  if (target === undefined || target.score < SURE) return false;
  const id = idOf(index);
  const choices = {
    ...proposals,
    ...{ id, target, description: null, owner: null, actionFlow: 'F1', status: 'test', isForm: false },
    proof: { kind: 'url-key' } as const,
    otherTargets: [],
    idempotency: idempotency[0]?.path ?? 'body',
  };
  mkdirSync(join(scratch, id, 'samples'), { recursive: true });
  writeFileSync(join(scratch, id, 'samples/first.json'), JSON.stringify(first));
  writeFileSync(join(scratch, id, 'connector.yaml'), connectorText(choices, ['first.json'], 'schema.json'));
  return true;
}
