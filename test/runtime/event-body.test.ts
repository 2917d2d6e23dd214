/** When a request counts as sent again: by what the pipeline hands to the state. */
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import type { NewHold } from '../../src/runtime/state/state.ts';
import { prepareSignature } from '../../src/stages/signature/prepare.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld, type RequestChanges } from './world.ts';

/** What is kept of requests to a paused connector with this plan. */
async function keep(plan: Partial<ConnectorPlan>, ...requests: RequestChanges[]): Promise<NewHold[]> {
  const world = makeWorld([makePlan(plan)]);
  world.pause('orders', 'under repair');
  for (const request of requests) await world.pipeline.handle(makeRequest({ sign: true, ...request }));
  return world.holds;
}

const digests = (holds: readonly NewHold[]) => new Set(holds.map(({ requestDigest }) => requestDigest)).size;
const events = (holds: readonly NewHold[]) => new Set(holds.map(({ sourceId }) => sourceId)).size;
const withAttempt = (...attempt: string[]) => ({ signature: { ...hmacSignature, attempt } });

describe('the same request', () => {
  test('has the same body, whatever its other headers say', async () => {
    const holds = await keep({}, {}, { headers: { 'x-attempt': '2', date: 'now' } });
    expect(digests(holds)).toBe(1);
  });

  test.each([
    ['another value', { json: makeEvent({ amount: 13 }) }],
    ['another member', { json: makeEvent({ more: null }) }],
    ['other bytes', { raw: JSON.stringify(makeEvent(), null, 1) }],
    ['another method', { method: 'PUT' }],
  ])('is another one with %s', async (_, change: RequestChanges) => {
    const holds = await keep({}, {}, change);
    expect({ digests: digests(holds), events: events(holds) }).toEqual({ digests: 2, events: 1 });
  });

  test('is another one where a header that becomes something differs', async () => {
    const mapping = makePlan().mapping;
    if (mapping.kind !== 'structured') throw new Error('not structured');
    const plan = {
      mapping: { ...mapping, variables: { kind: { kind: 'header', name: 'x-event' } } },
    } as const;
    const holds = await keep(plan, { headers: { 'x-event': 'a' } }, { headers: { 'x-event': 'b' } });
    expect(digests(holds)).toBe(2);
  });
});

describe('what belongs to one attempt', () => {
  test('is left out, at any depth and in every element', async () => {
    const plan = withAttempt('$.attempt', '$.events[*].delivery.isRepeated');
    const body = (attempt: number, isRepeated: boolean, amount = 1) =>
      makeEvent({ attempt, events: [{ amount, delivery: { isRepeated, by: 'x' } }, { amount: 2 }] });
    expect(digests(await keep(plan, { json: body(1, false) }, { json: body(2, true) }))).toBe(1);
    expect(digests(await keep(plan, { json: body(1, false) }, { json: body(2, true, 7) }))).toBe(2);
  });

  test('does not make another event of a digest of the body, nor of a batch', async () => {
    const first = { json: { attempt: 0, events: [makeEvent()] } };
    const second = { json: { attempt: 1, events: [makeEvent()] } };
    const plan = { ...withAttempt('$.attempt'), split: '$.events[*]' };
    expect(events(await keep(plan, first, second))).toBe(1);
    expect(events(await keep({ ...plan, idempotency: { kind: 'body' } }, first, second))).toBe(1);
  });

  const presets = [...PRESETS.values()].filter(({ attempt }) => attempt !== undefined);
  test.each(presets.map((preset) => [preset.name, preset] as const))(
    'preset %s names it where no token stands in the body',
    (name, { attempt }) => {
      const problems: unknown[] = [];
      const spec = { preset: name, sharedSecret: { env: 'SLUICE_SECRET_A' } };
      const plan = prepareSignature(spec, '/signature', (problem) => problems.push(problem));
      expect(plan?.attempt).toEqual(attempt);
      expect(plan?.type === 'token' && plan.signature.body !== undefined).toBe(false);
      for (const place of attempt ?? []) expect(place).toMatch(/^\$(\[\*\])?(\.\w+(\[\*\])?)+$/);
    },
  );
});
