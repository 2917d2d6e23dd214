/**
 * In: a hold. Out: what became of it, judged again from stage 9 by the connector as it is now. Never pauses, never goes
 * live where the request or the connector is a test, never touches elements that are not held. What fails stays held.
 */
import type { Mode } from '../stages/plans.ts';
import type { ScriptRunner } from '../stages/script-runner.ts';
import type { Difference } from '../stages/shape/difference.ts';
import type { ActiveConnector, ConnectorRunner } from './connector.ts';
import { type DeliveryDeps, deliver } from './deliver.ts';
import { type HoldReason, reasonsNotTaken } from './holder.ts';
import { heldMessage, type Judgement, judge, missingMessage } from './judgement.ts';
import type { HoldCode, IgnoreCode } from './outcome.ts';
import { evaluationInput, parseBody } from './parse-request.ts';
import type { Hold, RuntimeState } from './state/state.ts';
import { storedBody, storedHeaders } from './stored-request.ts';
import type { OutgoingTrigger } from './targets/target.ts';

/** What a hold becomes when some of it is delivered, or when it fails for a new reason. */
export type HoldChange = Pick<Hold, 'code' | 'message' | 'differences' | 'elements' | 'triggers'>;

export interface ReplayDeps extends DeliveryDeps {
  readonly connector: (id: string) => ActiveConnector | undefined;
  readonly state: Pick<RuntimeState, 'pauseOf'>;
  readonly scripts: ScriptRunner;
  readonly maxMode: Mode;
  readonly flows?: Readonly<Record<string, string>>;
  /** Removes the hold; resolves when that is durable, to false when it failed. */
  readonly remove: (hold: Hold) => Promise<boolean>;
  /** Writes the hold anew; resolves when that is durable, to false when it failed. */
  readonly amend: (hold: Hold, change: HoldChange) => Promise<boolean>;
  /** Judges and changes nothing. */
  readonly dryRun?: boolean;
}

export type ReplayRefusal = 'connector-unknown' | 'connector-broken' | 'disabled' | 'paused';

export type ReplayResult =
  /** Nothing was tried; the hold is as it was. */
  | { readonly kind: 'refused'; readonly code: ReplayRefusal; readonly message: string }
  /** `removed` false: it was sent, but the hold is still there. Sending it again starts nothing twice: the ids are the same. */
  | { readonly kind: 'delivered'; readonly triggers: readonly OutgoingTrigger[]; readonly removed: boolean }
  /** As the connector is now, the request is nobody's business: the hold is gone, as the request would be today. */
  | { readonly kind: 'ignored'; readonly code: IgnoreCode; readonly removed: boolean }
  | {
      readonly kind: 'held';
      readonly code: HoldCode;
      readonly message: string;
      readonly differences: readonly Difference[];
      /** What was delivered of a batch before the rest failed; in a dry run, what would be. */
      readonly triggers: readonly OutgoingTrigger[];
      /** False: the hold still names its old reason, and elements that were delivered. */
      readonly amended: boolean;
    }
  /** Dry run only: what would be sent. */
  | { readonly kind: 'would-deliver'; readonly triggers: readonly OutgoingTrigger[] };

/** The caller makes sure that a hold is replayed once at a time. */
export async function replayHold(hold: Hold, deps: ReplayDeps): Promise<ReplayResult> {
  const connector = deps.connector(hold.connector);
  if (connector === undefined)
    return refuse('connector-unknown', `there is no connector "${hold.connector}" any more`);
  const runner = connector.runner();
  if (runner === null) return refuse('connector-broken', connector.broken ?? 'the connector cannot be run');
  const { plan } = runner;
  if (plan.status === 'disabled') return refuse('disabled', 'the connector is disabled: enable it first');
  // A dry run asks what would happen once the connector is running again.
  if (!deps.dryRun && deps.state.pauseOf(plan.id, plan.behaviour) !== null) {
    return refuse('paused', 'the connector is paused: fix it or resume it first');
  }
  const judged = await judgeAgain(hold, runner, deps);
  if (judged.kind !== 'judged')
    return judged.kind === 'ignored'
      ? settleIgnored(hold, judged.code, deps)
      : keep(hold, [judged.reason], [], deps);
  return settle(hold, plan.split !== null, judged.judgement, deps);
}

function refuse(code: ReplayRefusal, message: string): ReplayResult {
  return { kind: 'refused', code, message };
}

type Judged =
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  | { readonly kind: 'ignored'; readonly code: IgnoreCode }
  | { readonly kind: 'held'; readonly reason: HoldReason };

/** Stages 7, 9, 11 and 12. */
async function judgeAgain(
  hold: Hold,
  { plan, evaluator }: ConnectorRunner,
  deps: ReplayDeps,
): Promise<Judged> {
  const body = storedBody(hold.request);
  const headers = storedHeaders(hold.request);
  const parsed = parseBody(plan.body, body);
  // It could be parsed when it came: the connector now takes another kind of body.
  if (!parsed.ok)
    return { kind: 'held', reason: { code: 'mapping-failed', grade: 'none', message: parsed.detail } };
  const allowed: Mode =
    plan.status === 'live' && deps.maxMode === 'live' && hold.mode === 'live' ? 'live' : 'test';
  const selection = evaluator.select(parsed.value, headers, allowed);
  if (selection.kind === 'ignored') return selection;
  if (selection.kind === 'held') {
    const { code, grade, differences } = selection;
    const message = missingMessage(differences);
    return { kind: 'held', reason: { code, grade, message, differences } };
  }
  const { mode } = selection;
  // The request keeps its id and its time: what is derived from them comes out the same.
  const { requestId, receivedAt } = hold;
  const { method } = hold.request;
  const input = evaluationInput({ id: requestId, body, headers, method, receivedAt }, parsed.value);
  const evaluation = await evaluator.evaluate(input, mode, deps.scripts, hold.elements ?? undefined);
  const context = { plan, requestId, mode, flows: deps.flows ?? {}, only: hold.elements };
  return { kind: 'judged', judgement: judge(evaluation, context) };
}

/** Stage 13, and what becomes of the hold. */
async function settle(
  hold: Hold,
  isBatch: boolean,
  judgement: Judgement,
  deps: ReplayDeps,
): Promise<ReplayResult> {
  const { mapped, held, ignored } = judgement;
  const reasons: HoldReason[] = [];
  if (held !== null) {
    const { code, grade, differences } = held.worst;
    reasons.push({ code, grade, message: heldMessage(held), differences, elements: held.elements });
  }
  const outgoing = mapped.map((element) => element.outgoing);
  if (deps.dryRun) {
    if (reasons.length > 0) return keep(hold, reasons, outgoing, deps);
    return outgoing.length > 0
      ? { kind: 'would-deliver', triggers: outgoing }
      : settleIgnored(hold, ignored?.code ?? 'no-elements', deps);
  }
  const deliveries = outgoing.length === 0 ? [] : await deliver(outgoing, deps);
  const triggers = outgoing.filter((_, index) => deliveries[index]?.ok);
  if (triggers.length < outgoing.length) reasons.push(...reasonsNotTaken(isBatch, mapped, deliveries));
  if (reasons.length > 0) return keep(hold, reasons, triggers, deps);
  if (triggers.length === 0) return settleIgnored(hold, ignored?.code ?? 'no-elements', deps);
  return { kind: 'delivered', triggers, removed: await deps.remove(hold) };
}

async function settleIgnored(hold: Hold, code: IgnoreCode, deps: ReplayDeps): Promise<ReplayResult> {
  return { kind: 'ignored', code, removed: deps.dryRun ? false : await deps.remove(hold) };
}

/** The hold stays, for the first of the reasons, with the elements of all. */
async function keep(
  hold: Hold,
  reasons: readonly HoldReason[],
  triggers: readonly OutgoingTrigger[],
  deps: ReplayDeps,
): Promise<ReplayResult> {
  const { code, message, differences = [] } = reasons[0] as HoldReason;
  const elements = reasons.flatMap((reason) => reason.elements ?? []).sort((one, other) => one - other);
  const change: HoldChange = {
    code,
    message,
    differences,
    // Without elements the reason concerns all that the hold holds.
    elements: elements.length === 0 ? hold.elements : elements,
    // What is sent again as it is must be all of it: once anything was not even mapped, all is judged anew.
    triggers: reasons.every((reason) => reason.triggers)
      ? reasons.flatMap((reason) => reason.triggers ?? [])
      : [],
  };
  const amended = deps.dryRun ? false : await deps.amend(hold, change);
  return { kind: 'held', code, message, differences, triggers, amended };
}
