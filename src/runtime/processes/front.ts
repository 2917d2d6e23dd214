/**
 * What takes webhooks: this process, or several workers. Both look the same to the rest of the runtime, so that nothing
 * else asks how many processes there are.
 */
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { RequestCounts } from '../admin/report-status.ts';
import { LAST_HOUR, REQUESTS } from '../observe/metrics.ts';
import { type StartedPool, startWorkers, type WorkerPool, type WorkerPoolOptions } from './cluster.ts';
import { type IngressParts, serveIngress } from './serve-ingress.ts';

export type Front = WorkerPool;

export type StartedFront =
  | { readonly ok: true; readonly front: Front }
  | Exclude<StartedPool, { readonly ok: true }>;

export async function startFront(parts: IngressParts, options: WorkerPoolOptions): Promise<StartedFront> {
  if (parts.config.workers > 1) {
    const started = await startWorkers(options);
    return started.ok ? { ok: true, front: started.pool } : started;
  }
  const listening = await serveIngress(parts);
  if (!listening.ok) return listening;
  const { listener } = listening;
  const front: Front = {
    url: listener.url,
    running: () => 1,
    distribute: async () => {},
    flows: () => [],
    tellWell: () => {},
    metrics: async () => [],
    stop: async (graceMs) => void (await listener.close(graceMs)),
  };
  return { ok: true, front };
}

/** The metrics of this process and of its workers, added up. */
export async function collectMetrics(
  registry: Registry,
  front: Front | null,
): Promise<{ readonly contentType: string; readonly text: string }> {
  const ofWorkers = front === null ? [] : await front.metrics();
  const { contentType } = registry;
  if (ofWorkers.length === 0) return { contentType, text: await registry.metrics() };
  const all = [await registry.getMetricsAsJSON(), ...ofWorkers];
  return { contentType, text: await AggregatorRegistry.aggregate(all).metrics() };
}

interface Series {
  readonly name: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, unknown>>; readonly value: number }[];
}

/** What the status says of requests, as this process and its workers have counted them. */
export async function readCounts(registry: Registry, front: Front | null): Promise<RequestCounts> {
  const own = await registry.getMetricsAsJSON();
  const registries = [
    own,
    ...(front === null ? [] : await front.metrics()),
  ] as readonly (readonly Series[])[];
  const valuesOf = (metric: string) =>
    registries.flatMap((series) => series.find(({ name }) => name === metric)?.values ?? []);
  const sums = new Map<string, { outcome: string; code: string; count: number }>();
  for (const { labels, value } of valuesOf(LAST_HOUR)) {
    const [outcome, code] = [String(labels.outcome), String(labels.code)];
    const sum = sums.get(`${outcome} ${code}`) ?? { outcome, code, count: 0 };
    sum.count += value;
    sums.set(`${outcome} ${code}`, sum);
  }
  const nobodyToTell = new Map<string, number>();
  for (const { labels, value } of valuesOf(REQUESTS)) {
    if (labels.code !== 'no-targets') continue;
    const connector = String(labels.connector);
    nobodyToTell.set(connector, (nobodyToTell.get(connector) ?? 0) + value);
  }
  return { lastHour: [...sums.values()].sort((one, other) => other.count - one.count), nobodyToTell };
}
