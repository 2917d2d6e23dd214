/**
 * Stage 13. In: a request that was judged. Out: its one outcome, once the target has taken what fits and holds have the
 * rest: held before delivered before ignored.
 */

import type { Outcome } from '../../outcomes/outcome.ts';
import { type DeliveryDeps, deliver } from './deliver.ts';
import { type HeldRequest, type Hold, type HoldReason, reasonsNotTaken } from './holder.ts';
import type { Judgement } from './judge.ts';

export function createFinish(deps: DeliveryDeps, hold: Hold) {
  return async (job: HeldRequest, judgement: Judgement): Promise<Outcome> => {
    const { mapped, held, ignored, drift, isBatch } = judgement;
    const { plan } = job.runner;
    const outgoing = mapped.map((element) => element.outgoing);
    const deliveries = outgoing.length === 0 ? [] : await deliver(outgoing, deps);
    const triggers = outgoing.filter((_, index) => deliveries[index]?.ok);
    const reasons: HoldReason[] = held === null ? [] : [held];
    const failed = outgoing.length - triggers.length;
    if (failed > 0) reasons.push(...reasonsNotTaken(isBatch, mapped, deliveries));
    const batch = {
      delivered: triggers.length,
      held: failed + (held?.elements?.length ?? 0),
      ignored: ignored?.count ?? 0,
    };
    const rest = isBatch ? { triggers, batch } : { triggers };
    const [first, ...others] = reasons;
    const at = held?.at ?? null;
    const failure = deliveries.find((delivery) => !delivery.ok);
    if (first !== undefined)
      return hold(job, [first, ...others], {
        ...rest,
        ...(at === null ? {} : { at }),
        ...(failure === undefined ? {} : { reason: failure.reason }),
      });
    const common = { requestId: job.request.id, connector: plan.id };
    if (triggers.length > 0) {
      return {
        ...common,
        outcome: 'delivered',
        code: 'delivered',
        mode: triggers.every(({ mode }) => mode === 'test') ? 'test' : job.mode,
        drift: drift !== null,
        ...rest,
      };
    }
    const code = ignored?.code ?? 'no-elements';
    return { ...common, outcome: 'ignored', code, ...(isBatch ? { batch } : {}) };
  };
}
