import { createHmac } from 'node:crypto';
import type { PauseRecord, StoredRequest } from '../../src/admin-api/records.ts';
import { decodeBundle, encodeBundle } from '../../src/bundle/codec.ts';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import type { HoldCode } from '../../src/outcomes/codes.ts';
import type { Delivery, OutgoingTrigger } from '../../src/outcomes/delivery.ts';
import type { Outcome } from '../../src/outcomes/outcome.ts';
import { activateConnector } from '../../src/runtime/pipeline/connector.ts';
import {
  createPipeline,
  type PipelineDeps,
  type PipelineRequest,
} from '../../src/runtime/pipeline/pipeline.ts';
import type { NewHold, RuntimeState } from '../../src/runtime/state/state.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import { headersFromObject } from '../../src/stages/request.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';
import type { Difference } from '../../src/stages/shape/difference.ts';
import { createManualTimer } from './manual-timer.ts';

export const NOW = Date.parse('2025-10-09T08:53:20Z');
export const SECRET = 'whsec_example';

/** A state that pauses as graded, counts streaks, and fails when it is told to. Everything it hears is kept. */
export function makeState() {
  const pauses = new Map<string, PauseRecord>();
  const windows = new Map<string, number>();
  const streaks = new Map<string, number>();
  const holds: NewHold[] = [];
  const captured: StoredRequest[] = [];
  const drifts: (readonly Difference[])[] = [];
  const aside: NewHold[] = [];
  const fitted: string[] = [];
  const state: RuntimeState & { full: boolean } = {
    full: false,
    isOurs: () => true,
    pauseOf: (connector) => pauses.get(connector) ?? null,
    captureWindowOf: (connector, now) => {
      const endsAt = windows.get(connector) ?? 0;
      return endsAt > now ? { connector, endsAt } : null;
    },
    async keep(hold) {
      if (state.full) return { ok: false, reason: 'no space left' };
      holds.push(hold);
      const streak = hold.grade === 'hold' ? (streaks.get(hold.connector) ?? 0) + 1 : 0;
      if (hold.grade !== 'none') streaks.set(hold.connector, streak);
      const pauses = hold.grade === 'pause' || (hold.grade === 'hold' && streak >= hold.pauseAfter);
      if (pauses) pause(hold.connector, hold.message);
      return { ok: true, holdId: `hold-${holds.length}`, paused: isPaused(hold.connector), added: true };
    },
    async setAside(hold) {
      if (state.full) return { ok: false, reason: 'no space left' };
      aside.push(hold);
      return { ok: true, holdId: null };
    },
    fitted(connector) {
      fitted.push(connector);
      streaks.delete(connector);
    },
    async capture(connector, request) {
      if (state.full) return { ok: false };
      captured.push(request);
      windows.delete(connector);
      return { ok: true };
    },
    drifted: (_, differences) => drifts.push(differences),
  };
  const isPaused = (connector: string): boolean => pauses.has(connector);
  const pause = (connector: string, reason: string): void => {
    pauses.set(connector, { kind: 'auto', connector, at: '', by: 'sluice', reason });
  };
  return { state, holds, aside, captured, drifts, fitted, windows, pause, isPaused };
}

/** A target that acknowledges everything, unless it is told how to answer. */
export function makeTarget() {
  const sent: OutgoingTrigger[] = [];
  const target: Target & { answer: (trigger: OutgoingTrigger) => Delivery | Promise<Delivery> } = {
    name: 'memory',
    answer: () => ({ ok: true }),
    async send(trigger) {
      const delivery = await target.answer(trigger);
      if (delivery.ok) sent.push(trigger);
      return delivery;
    },
    close: async () => {},
  };
  return { target, sent };
}

export const NO_SCRIPTS: ScriptRunner = {
  run: async () => ({ ok: false, code: 'script-unavailable', message: 'no scripts here' }),
  close: async () => {},
};

/** A pipeline over these plans, with everything around it in memory and a clock that stands. */
export function makeWorld(plans: readonly ConnectorPlan[], changes: Partial<PipelineDeps> = {}) {
  const decoded = decodeBundle(encodeBundle(plans, { revision: 'r', sequence: 1, tool: 't' }));
  if (!decoded.ok) throw new Error(decoded.message);
  const active = new Map([...decoded.bundle.connectors].map(([id, one]) => [id, activateConnector(one)]));
  const memory = makeState();
  const { target, sent } = makeTarget();
  const timer = createManualTimer();
  const errors: unknown[] = [];
  const clock = { now: NOW };
  const deps: PipelineDeps = {
    connector: (id) => active.get(id),
    ready: () => true,
    secrets: (reference) =>
      'env' in reference && reference.env === 'SLUICE_SECRET_TEST' ? SECRET : undefined,
    state: memory.state,
    target,
    scripts: NO_SCRIPTS,
    now: () => clock.now,
    maxMode: 'live',
    timer,
    onError: (error) => errors.push(error),
    ...changes,
  };
  return { ...memory, active, deps, pipeline: createPipeline(deps), target, sent, timer, errors, clock };
}

export interface RequestChanges {
  readonly connector?: string;
  readonly method?: string;
  readonly ip?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The body as a value; `raw` replaces it. */
  readonly json?: unknown;
  readonly raw?: string | Buffer;
  /** Adds the signature of hmacSignature. */
  readonly sign?: boolean;
}

let requests = 0;

/** A request for the connector `orders`, with an event that fits its samples. */
export function makeRequest(changes: RequestChanges = {}): PipelineRequest {
  const { connector = 'orders', method = 'POST', ip = '203.0.113.9', headers = {}, sign = false } = changes;
  const body = Buffer.from(changes.raw ?? JSON.stringify(changes.json ?? makeEvent()));
  const signed = sign ? { 'x-signature': createHmac('sha256', SECRET).update(body).digest('hex') } : {};
  requests += 1;
  return {
    id: `request-${requests}`,
    connector,
    method,
    url: `/c/${connector}?token=in-the-query`,
    ip,
    headers: headersFromObject({ 'content-type': 'application/json', ...signed, ...headers }),
    body,
    receivedAt: NOW,
  };
}

export function makeEvent(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { id: 'evt_1', user: { id: 'user_1' }, amount: 12, ...changes };
}

/** The parts of an outcome that a case compares. */
export function summary(outcome: Outcome): {
  outcome: string;
  code: string;
  paused?: boolean;
  mode?: string;
} {
  return {
    outcome: outcome.outcome,
    code: outcome.code as HoldCode,
    ...('paused' in outcome ? { paused: outcome.paused } : {}),
    ...('mode' in outcome ? { mode: outcome.mode } : {}),
  };
}
