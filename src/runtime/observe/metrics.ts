/**
 * Prometheus metrics of one process. In: outcomes and what targets and scripts did. Out: counts. Labels come from
 * configured connectors and closed sets only, so that no sender can make series.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { RequestReport } from '../ingress/webhook-handler.ts';
import type { Target } from '../targets/target.ts';
import { LastHour } from './last-hour.ts';

/** Why something is sent. */
export type DeliveryCause = 'request' | 'redelivery' | 'replay' | 'test-card';

export interface RequestMetrics {
  readonly registry: Registry;
  observeRequest(outcome: Outcome, report: Pick<RequestReport, 'latencyMs'>): void;
  /** The same target, counted. */
  countDeliveries(target: Target, cause: DeliveryCause): Target;
  /** The same runner, its failures counted. */
  countScriptFailures(scripts: ScriptRunner): ScriptRunner;
}

/** From a fast hand-off to what a sender gives up on. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The series that the status reads, of this process and of workers. */
export const LAST_HOUR = 'sluice_requests_last_hour';
export const REQUESTS = 'sluice_requests_total';

/** Each call makes a registry of its own: several runtimes live in one test process. */
export function createRequestMetrics(): RequestMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = createTally(registry, REQUESTS, 'Requests by what became of them', [
    'connector',
    'outcome',
    'code',
  ]);
  const deliveries = createTally(
    registry,
    'sluice_deliveries_total',
    'Triggers sent, by what the target said',
    ['target', 'cause', 'mode', 'result'],
  );
  const scriptFailures = createTally(
    registry,
    'sluice_script_failures_total',
    'Mapping scripts that failed',
    ['connector', 'code'],
  );
  const drifted = createTally(
    registry,
    'sluice_drifted_requests_total',
    'Requests that were delivered although they differ from the samples',
    ['connector'],
  );
  const lastHour = new LastHour(Date.now);
  new Gauge({
    name: LAST_HOUR,
    help: 'Requests of the last hour by what became of them, for those who have no Prometheus',
    labelNames: ['outcome', 'code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { outcome, code, count } of lastHour.counts()) this.set({ outcome, code }, count);
    },
  });
  const requestSeconds = new Histogram({
    name: 'sluice_request_duration_seconds',
    help: 'From the head of a request to its outcome',
    buckets: SECONDS,
    registers: [registry],
  });
  const deliverySeconds = new Histogram({
    name: 'sluice_delivery_duration_seconds',
    help: 'From sending a trigger to what the target said',
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    observeRequest(outcome, { latencyMs }) {
      requests(outcome.connector ?? '', outcome.outcome, outcome.code);
      lastHour.add(outcome.outcome, outcome.code);
      if (outcome.outcome === 'delivered' && outcome.drift) drifted(outcome.connector ?? '');
      requestSeconds.observe(latencyMs / 1000);
    },
    countDeliveries: (target, cause) => ({
      name: target.name,
      close: () => target.close(),
      async send(trigger, signal) {
        const started = performance.now();
        const delivery = await target.send(trigger, signal);
        deliverySeconds.observe((performance.now() - started) / 1000);
        deliveries(
          trigger.target ?? target.name,
          cause,
          trigger.mode,
          delivery.ok ? 'acknowledged' : delivery.retry ? 'failed' : 'refused',
        );
        return delivery;
      },
    }),
    countScriptFailures: (scripts) => ({
      close: () => scripts.close(),
      async run(connector, ...rest) {
        const result = await scripts.run(connector, ...rest);
        if (!result.ok) scriptFailures(connector, result.code);
        return result;
      },
    }),
  };
}

/**
 * A counter that is cheap to raise: prom-client sorts and joins the labels each time, this only when it is scraped.
 */
export function createTally<const Labels extends readonly string[]>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Labels,
): (...labels: { [Index in keyof Labels]: string }) => void {
  const counts = new Map<string, number>();
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const [key, count] of counts) {
        const labels = key.split('\n');
        const named = labelNames.map((label, index) => [label, labels[index] ?? '']);
        this.inc(Object.fromEntries(named) as Partial<Record<Labels[number], string>>, count);
      }
    },
  });
  return (...labels) => {
    const key = labels.join('\n');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
}
