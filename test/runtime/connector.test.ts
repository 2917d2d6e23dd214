import { expect, test } from 'vitest';
import { activateConnector } from '../../src/runtime/pipeline/connector.ts';
import { makePlan } from '../bundle/make-plan.ts';

test('nothing is read or built before the first use, and once after it', () => {
  let reads = 0;
  const plan = () => {
    reads += 1;
    return makePlan();
  };
  const connector = activateConnector({ id: 'orders', digest: 'd', plan });
  expect(reads).toBe(0);
  expect(connector.runner()).toBe(connector.runner());
  expect(connector.runner()?.plan.id).toBe('orders');
  expect(reads).toBe(1);
  expect(connector.broken).toBeNull();
});

test.each([
  ['cannot be read', () => JSON.parse('{')],
  ['is nothing', () => null],
  ['has a path that is none', () => makePlan({ split: 'no path' })],
  ['has an address that is none', () => makePlan({ allowIps: ['nowhere'] })],
])('a plan that %s is broken, says why, and is not tried again', (_, plan) => {
  const reasons: string[] = [];
  const connector = activateConnector({ id: 'orders', digest: 'd', plan }, (id, reason) =>
    reasons.push(`${id}: ${reason}`),
  );
  expect(connector.runner()).toBeNull();
  expect(connector.runner()).toBeNull();
  expect(connector.broken).toMatch(/./);
  expect(reasons).toEqual([`orders: ${connector.broken}`]);
});
