import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../../src/runtime/state/due-queue.ts';

test('gives what is due, the earliest first, whatever was added when', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ takeAt: fc.integer({ min: 0, max: 100 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new DueQueue();
      const model: number[] = [];
      for (const step of steps) {
        if ('add' in step) {
          queue.add(String(step.add), step.add);
          model.push(step.add);
        } else {
          const next = model.length === 0 ? null : Math.min(...model);
          const due = next !== null && next <= step.takeAt ? next : null;
          expect(queue.take(step.takeAt)).toBe(due === null ? null : String(due));
          if (due !== null) model.splice(model.indexOf(due), 1);
        }
        expect(queue.size).toBe(model.length);
        expect(queue.nextAt()).toBe(model.length === 0 ? null : Math.min(...model));
      }
    }),
  );
});
