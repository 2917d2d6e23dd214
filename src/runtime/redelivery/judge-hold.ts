/**
 * In: a hold and the connectors as they are now, or as a candidate bundle has them. Out: what the stages from 9 on make of
 * it. Sends nothing and changes nothing: a dry run ends here, a replay goes on.
 */

import type { Hold } from '../../admin-api/records.ts';
import type { IgnoreCode } from '../../outcomes/codes.ts';
import type { Mode } from '../../stages/plans.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { readBody } from '../../stages/unwrap.ts';
import type { ActiveConnector, ConnectorRunner } from '../pipeline/connector.ts';
import type { HoldReason } from '../pipeline/holder.ts';
import { judge, type MappedElement } from '../pipeline/judge.ts';
import { evaluationInput } from '../pipeline/parse-request.ts';
import { storedBody, storedHeaders } from '../pipeline/stored-request.ts';

export interface JudgeHoldDeps {
  readonly connector: (id: string) => ActiveConnector | undefined;
  readonly scripts: ScriptRunner;
  /** test: nothing goes live in this deployment. */
  readonly maxMode: Mode;
  readonly flows?: Readonly<Record<string, string>>;
}

/** Nothing was tried; the hold is as it was. */
export interface ReplayRefusal {
  readonly kind: 'refused';
  readonly code:
    | 'connector-unknown'
    | 'connector-broken'
    | 'disabled'
    | 'paused'
    | 'superseded'
    | 'state-unavailable';
  readonly message: string;
}

export interface JudgedHold {
  readonly mapped: readonly MappedElement[];
  /** Why some of it, or all, stays held; empty: nothing does. */
  readonly reasons: readonly HoldReason[];
  /** What it is where nothing is mapped and nothing held. */
  readonly ignored: IgnoreCode;
}

/** The connector that a hold is for, ready to run. */
export function findRunner(
  hold: Hold,
  deps: JudgeHoldDeps,
): { readonly kind: 'found'; readonly runner: ConnectorRunner } | ReplayRefusal {
  const connector = deps.connector(hold.connector);
  if (connector === undefined)
    return refuseReplay('connector-unknown', `there is no connector "${hold.connector}" any more`);
  const runner = connector.runner();
  if (runner === null)
    return refuseReplay('connector-broken', connector.broken ?? 'the connector cannot be run');
  if (runner.plan.status === 'disabled')
    return refuseReplay('disabled', 'the connector is disabled: enable it first');
  return { kind: 'found', runner };
}

export function refuseReplay(code: ReplayRefusal['code'], message: string): ReplayRefusal {
  return { kind: 'refused', code, message };
}

/** Stages 7, 9, 11 and 12, in the stricter of the modes then and now. */
export async function judgeHold(
  hold: Hold,
  runner: ConnectorRunner,
  deps: JudgeHoldDeps,
): Promise<JudgedHold> {
  const { plan } = runner;
  const body = storedBody(hold.request);
  const headers = storedHeaders(hold.request);
  const parsed = readBody(plan, body);
  // It could be parsed when it came: the connector now takes another kind of body.
  if (!parsed.ok) {
    const reason: HoldReason = { code: 'mapping-failed', grade: 'none', message: parsed.detail };
    return { mapped: [], reasons: [reason], ignored: NOBODY };
  }
  // The request keeps its id and its time: what is derived from them comes out the same.
  const { requestId: id, receivedAt } = hold;
  const { method } = hold.request;
  const input = evaluationInput(plan, { id, body, headers, method, receivedAt }, parsed.value);
  const judgement = await judge(runner, input, {
    maxMode: deps.maxMode === 'live' ? hold.mode : 'test',
    scripts: deps.scripts,
    flows: deps.flows ?? {},
    only: hold.elements,
  });
  const { mapped, held: reason, ignored } = judgement;
  // What was held because its recipient may have been renamed stays so until it is found, or somebody discards it.
  if (judgement.isRecipientGone && hold.code === 'recipient-missing') {
    const { code, message, differences } = hold;
    return { mapped: [], reasons: [{ code, grade: 'none', message, differences }], ignored: NOBODY };
  }
  return { mapped, reasons: reason === null ? [] : [reason], ignored: ignored?.code ?? NOBODY };
}

const NOBODY: IgnoreCode = 'no-elements';
