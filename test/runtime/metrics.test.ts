import { AggregatorRegistry } from 'prom-client';
import { expect, test } from 'vitest';
import type { Delivery, OutgoingTrigger } from '../../src/outcomes/delivery.ts';
import { createRequestMetrics } from '../../src/runtime/observe/metrics.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';

const rejected = { requestId: 'r', outcome: 'rejected', code: 'connector-unknown' } as const;

function linesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

test('requests are counted by configured connector, outcome and code', async () => {
  const metrics = createRequestMetrics();
  metrics.observeRequest({ ...rejected, connector: null }, { latencyMs: 1 });
  metrics.observeRequest({ ...rejected, connector: 'one', code: 'signature-mismatch' }, { latencyMs: 1 });
  metrics.observeRequest({ ...rejected, connector: 'one', code: 'signature-mismatch' }, { latencyMs: 1 });
  const text = await metrics.registry.metrics();
  expect(linesOf(text, 'sluice_requests_total')).toEqual([
    'sluice_requests_total{connector="",outcome="rejected",code="connector-unknown"} 1',
    'sluice_requests_total{connector="one",outcome="rejected",code="signature-mismatch"} 2',
  ]);
  expect(linesOf(text, 'sluice_request_duration_seconds_count')).toEqual([
    'sluice_request_duration_seconds_count 3',
  ]);
  expect(text).toContain('process_cpu_seconds_total');
});

test('what was delivered although it drifted is counted once more', async () => {
  const metrics = createRequestMetrics();
  const delivered = {
    requestId: 'r',
    connector: 'one',
    outcome: 'delivered',
    code: 'delivered',
    mode: 'live',
    triggers: [],
  } as const;
  metrics.observeRequest({ ...delivered, drift: false }, { latencyMs: 1 });
  metrics.observeRequest({ ...delivered, drift: true }, { latencyMs: 1 });
  const text = await metrics.registry.metrics();
  expect(linesOf(text, 'sluice_drifted_requests_total')).toEqual([
    'sluice_drifted_requests_total{connector="one"} 1',
  ]);
});

test('deliveries are counted by what the target said', async () => {
  const metrics = createRequestMetrics();
  const answers: Delivery[] = [
    { ok: true },
    { ok: false, retry: true, reason: 'x' },
    { ok: false, retry: false, reason: 'x' },
  ];
  const target: Target = {
    name: 'memory',
    send: async () => answers.shift() as Delivery,
    close: async () => {},
  };
  const counted = metrics.countDeliveries(target, 'redelivery');
  const { signal } = new AbortController();
  for (const ok of [true, false, false]) {
    expect((await counted.send({ mode: 'live' } as OutgoingTrigger, signal)).ok).toBe(ok);
  }
  expect(linesOf(await metrics.registry.metrics(), 'sluice_deliveries_total')).toEqual([
    'sluice_deliveries_total{target="memory",cause="redelivery",mode="live",result="acknowledged"} 1',
    'sluice_deliveries_total{target="memory",cause="redelivery",mode="live",result="failed"} 1',
    'sluice_deliveries_total{target="memory",cause="redelivery",mode="live",result="refused"} 1',
  ]);
});

test('scripts are counted when they fail', async () => {
  const metrics = createRequestMetrics();
  const results = [
    { ok: true, value: null } as const,
    { ok: false, code: 'script-timeout', message: 'x' } as const,
  ];
  const scripts = metrics.countScriptFailures({
    run: async () => results.shift(),
    close: async () => {},
  } as unknown as ScriptRunner);
  for (const _ of [1, 2]) await scripts.run('one', {} as never, {} as never);
  expect(linesOf(await metrics.registry.metrics(), 'sluice_script_failures_total')).toEqual([
    'sluice_script_failures_total{connector="one",code="script-timeout"} 1',
  ]);
});

test('the counts of several processes add up', async () => {
  const [one, two] = [createRequestMetrics(), createRequestMetrics()];
  for (const metrics of [one, two, two])
    metrics.observeRequest({ ...rejected, connector: null }, { latencyMs: 1 });
  const parts = await Promise.all([one, two].map((metrics) => metrics.registry.getMetricsAsJSON()));
  const text = await AggregatorRegistry.aggregate(parts as unknown as object[]).metrics();
  expect(linesOf(text, 'sluice_requests_total')).toEqual([
    'sluice_requests_total{connector="",outcome="rejected",code="connector-unknown"} 3',
  ]);
});
