import type { Delivery } from '../../../src/outcomes/delivery.ts';
import { createMemoryTarget } from '../../../src/runtime/targets/memory-target.ts';
import { describeTarget } from '../../conformance/target.ts';

describeTarget('memory', async () => {
  let answer: () => Delivery | Promise<Delivery> = () => ({ ok: true });
  let reached = (): void => {};
  const target = createMemoryTarget(() => answer());
  return {
    target,
    secrets: [],
    arrived: async () =>
      target.sent.map(({ flowInvocationId, mode, trigger: { targetUserIds } }) => ({
        flowInvocationId,
        mode,
        targetUserIds,
      })),
    behave: async (as) => {
      answer = () => {
        if (as === 'work') return { ok: true };
        if (as === 'fail') return { ok: false, retry: true, reason: 'out of order' };
        reached();
        return new Promise<Delivery>(() => {});
      };
    },
    stalled: () =>
      new Promise((resolve) => {
        reached = resolve;
      }),
    close: async () => {},
  };
});
