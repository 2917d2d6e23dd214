/**
 * The hot path. In: a webhook request. Out: exactly one outcome, after the stages in their fixed order: method, address,
 * body, signature, handshake, disabled, parse, capture, when, paused, shape, map, deliver. Never throws for anything a
 * request holds, never judges what it has not verified, and never says "accepted" before the target or a hold has it.
 */

import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { RejectionCode } from '../../outcomes/codes.ts';
import type { BatchCounts, Outcome } from '../../outcomes/outcome.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { Mode } from '../../stages/plans.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { SecretLookup } from '../../stages/secrets.ts';
import { NO_REMOTE_KEYS, type RemoteKeys } from '../../stages/signature/remote-keys.ts';
import { readBody } from '../../stages/unwrap.ts';
import type { RuntimeState } from '../state/state.ts';
import type { Target } from '../targets/target.ts';
import { type Admission, admit, type Rejected, type RequestHead, rejected, tooLarge } from './admission.ts';
import type { BodyProblem } from './body-type.ts';
import {
  answerByMethod,
  answerFirstContact,
  answerInWindow,
  answerVerified,
  isChallengeMethod,
} from './challenge.ts';
import type { ActiveConnector, ConnectorRunner } from './connector.ts';
import { decodeBody } from './decode-body.ts';
import { createDriftDescriber } from './describe-drift.ts';
import { type Candidate, findTaker, isReadAlike, sampleEvent } from './find-taker.ts';
import { createFinish } from './finish-request.ts';
import { createHolder, createSetAside, type HeldRequest } from './holder.ts';
import { type Judgement, judgeSelected, type Selected, selectRequest } from './judge.ts';
import { limitScriptTime } from './limit-script-time.ts';
import { DEFAULT_PIPELINE_LIMITS, type PipelineLimits } from './limits.ts';
import { asForm, multipartTypeOf, withFields } from './multipart-request.ts';
import { evaluationInput } from './parse-request.ts';
import { createRateLimiter, type RateLimiter, type RateRefusal } from './rate-limit.ts';
import { storeRequest } from './stored-request.ts';
import type { UrlKeys } from './url-keys.ts';

export interface PipelineRequest extends WebhookRequest {
  /** Id of the connector as it stands in the URL; not trusted. */
  readonly connector: string;
  /** What follows the id in the URL; not trusted. */
  readonly token?: string | undefined;
  /** What `admit` found: the key that the URL was made with. */
  readonly urlKey?: string | null;
  /** What `admit` found: why it is refused unless it is a first contact. */
  readonly bodyProblem?: BodyProblem;
}

export interface PipelineDeps {
  readonly connector: (id: string) => ActiveConnector | undefined;
  /** False until a bundle is active. */
  readonly ready: () => boolean;
  readonly secrets: SecretLookup;
  /** Keys of senders that stand at an address. Default: none is ever known. */
  readonly keys?: RemoteKeys;
  readonly state: RuntimeState;
  readonly target: Target;
  readonly scripts: ScriptRunner;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** test: nothing goes live in this deployment, whatever the connectors say. */
  readonly maxMode: Mode;
  /** Names of flows and the ids they have in this deployment. */
  readonly flows?: Readonly<Record<string, string>>;
  readonly limits?: PipelineLimits;
  /** Default: the limits of the connectors themselves. */
  readonly rateLimiter?: RateLimiter;
  /** Keys of secret URLs. null: URLs are not secret. */
  readonly urlKeys?: UrlKeys | null;
  readonly timer?: Timer;
  /** Hears of bugs: what was thrown where nothing should throw. The request has its outcome all the same. */
  readonly onError?: (error: unknown, request: WebhookRequest) => void;
}

export interface Pipeline {
  /** What the head of a request decides, so that nobody reads the body of a request that is refused anyway. */
  admit(head: RequestHead): Admission;
  /** The rest, for an admitted request with its body. Never rejects. */
  process(runner: ConnectorRunner, request: PipelineRequest): Promise<Outcome>;
  /** Both. */
  handle(request: PipelineRequest): Promise<Outcome>;
}

export function createPipeline(deps: PipelineDeps): Pipeline {
  return new RequestPipeline(deps);
}

class RequestPipeline implements Pipeline {
  readonly #deps: Required<PipelineDeps>;
  readonly #hold: ReturnType<typeof createHolder>;
  readonly #setAside: ReturnType<typeof createSetAside>;
  readonly #finish: ReturnType<typeof createFinish>;
  readonly #describeDrift: ReturnType<typeof createDriftDescriber>;

  constructor(deps: PipelineDeps) {
    this.#deps = {
      flows: {},
      limits: DEFAULT_PIPELINE_LIMITS,
      rateLimiter: createRateLimiter({ perMinute: null, workers: 1, now: deps.now }),
      urlKeys: null,
      keys: NO_REMOTE_KEYS,
      timer: systemTimer,
      onError: () => {},
      ...deps,
    };
    this.#hold = createHolder(deps.state, deps.now);
    this.#setAside = createSetAside(deps.state, deps.now);
    this.#finish = createFinish(this.#deps, this.#hold);
    this.#describeDrift = createDriftDescriber(this.#deps);
  }

  admit(head: RequestHead): Admission {
    if (!this.#deps.ready() || !this.#deps.state.isOurs())
      return { ok: false, outcome: rejected(head.id, null, 'not-ready') };
    const { connector, urlKeys, rateLimiter } = this.#deps;
    const admission = admit(head, connector(head.connector), urlKeys);
    if (!admission.ok) return admission;
    const { plan } = admission.runner;
    const limited = rateLimiter.enter(plan, head.ip);
    return limited === null ? admission : { ok: false, outcome: refuseRate(head.id, plan.id, limited) };
  }

  async handle(request: PipelineRequest): Promise<Outcome> {
    const admission = this.admit(request);
    if (!admission.ok) return admission.outcome;
    const { runner, urlKey, coding, bodyProblem } = admission;
    const admitted = { ...request, urlKey, ...(bodyProblem === undefined ? {} : { bodyProblem }) };
    if (coding === null) return this.process(runner, admitted);
    const decoded = await decodeBody(coding, request.body, this.#deps.limits.bodyBytes);
    if (!decoded.ok) return rejected(request.id, runner.plan.id, decoded.code, decoded.detail);
    return this.process(runner, { ...admitted, body: decoded.body, sentBody: request.body });
  }

  async process(runner: ConnectorRunner, request: PipelineRequest): Promise<Outcome> {
    try {
      return await this.#verify(runner, request);
    } catch (error) {
      this.#deps.onError(error, request);
      return rejected(request.id, runner.plan.id, 'internal-error');
    }
  }

  /** Stages 3 to 8: up to the point where the request is genuine and parsed. */
  async #verify(runner: ConnectorRunner, sent: PipelineRequest): Promise<Outcome> {
    const { state, secrets, limits, rateLimiter, now } = this.#deps;
    const { plan, verifier, handshakes } = runner;
    const common = { requestId: sent.id, connector: plan.id };
    const refuse = (code: RejectionCode, detail?: string): Outcome =>
      rejected(sent.id, plan.id, code, detail);
    if (sent.body.length > limits.bodyBytes) return refuse('body-too-large', tooLarge(limits.bodyBytes));
    let request = sent;

    const time = now();
    if (isChallengeMethod(runner, request.method)) return answerByMethod(runner, request, secrets, time);
    const firstContact = runner.firstContact === null ? null : answerFirstContact(runner, request, secrets);
    if (firstContact !== null) return firstContact;
    if (request.bodyProblem !== undefined)
      return refuse(request.bodyProblem.code, request.bodyProblem.detail);
    // Proofs may stand in the fields, so that they are read before anything is proven: once, and bounded.
    const multipart = plan.body === 'form' ? multipartTypeOf(request) : null;
    if (multipart !== null && runner.readsBody) {
      const read = await withFields(request, multipart, limits.bodyBytes);
      if (!read.ok) return refuse('body-malformed', read.detail);
      request = read.request;
    }
    const window = state.captureWindowOf(plan.id, time);
    const isSampling = window !== null && plan.status === 'test';
    let verifiedBy: string | null = null;
    // While a test connector waits for its sample, the proof only matters to a challenge.
    if (verifier !== null && (!isSampling || handshakes !== null)) {
      if (runner.needsPublicUrl && request.publicUrl === undefined && plan.status !== 'disabled')
        return refuse('public-url-missing');
      const pending = verifier.verify(request, secrets, time, this.#deps.keys);
      // Most schemes need no promise, and a promise costs a turn.
      const verdict = pending instanceof Promise ? await pending : pending;
      if (verdict.ok) verifiedBy = verdict.secret;
      else if (window !== null) {
        const waitedFor = await answerInWindow(runner, request, secrets, state, time);
        if (waitedFor !== null) return waitedFor;
      }
      // To a stranger a disabled connector does not exist.
      if (!verdict.ok && !isSampling) {
        const { authenticate } = runner;
        if (plan.status === 'disabled') return refuse('connector-unknown');
        const refused = rejected(request.id, plan.id, verdict.code);
        return authenticate === null ? refused : { ...refused, authenticate };
      }
    }
    const limited = verifiedBy === null ? null : rateLimiter.verified(plan, request.ip);
    if (limited !== null) return refuseRate(request.id, plan.id, limited);

    if (multipart !== null) {
      const read =
        request.fields !== undefined ? null : await withFields(request, multipart, limits.bodyBytes);
      if (read?.ok === false) return refuse('body-malformed', read.detail);
      request = asForm(read?.request ?? request);
    }
    let parsed: ReturnType<typeof readBody> | null = null;
    if (handshakes !== null && verifiedBy !== null) {
      parsed = readBody(plan, request.body);
      const { ok } = parsed;
      const answer = ok ? answerVerified(handshakes, plan, request, parsed.value, verifiedBy, secrets) : null;
      if (answer !== null) return answer;
    }
    if (plan.status === 'disabled') return { ...common, outcome: 'ignored', code: 'disabled' };
    parsed ??= readBody(plan, request.body);
    if (!parsed.ok) return refuse('body-malformed', parsed.detail);

    if (window !== null) {
      const { ok } = await state.capture(plan.id, storeRequest(plan, request), time);
      if (isSampling && !ok) return refuse('state-unavailable');
      if (isSampling) return { ...common, outcome: 'captured', code: 'captured' };
      // A live connector's request is only copied: it goes on, whether that worked or not.
    }
    const proven = verifiedBy ?? request.urlKey ?? null;
    const { value } = parsed;
    if (plan.events === undefined)
      return this.#take(this.#candidate(runner, request, value), request, proven);
    const taker = findTaker(runner, this.#deps.connector, (one) =>
      this.#candidate(one, request, value, plan),
    );
    if (taker === null) return { ...common, outcome: 'ignored', code: 'when-differs' };
    if (taker === 'broken') return refuse('connector-broken');
    const sampled = await sampleEvent(taker.runner, request, state, time);
    return sampled ?? this.#take(taker, request, proven);
  }

  /** A connector and what its conditions say; of the events of another's URL it may read the body in a way of its own. */
  #candidate(
    runner: ConnectorRunner,
    request: PipelineRequest,
    value: JsonValue,
    by: ConnectorPlan = runner.plan,
  ): Candidate {
    const { plan } = runner;
    const read = isReadAlike(plan, by) ? null : readBody(plan, request.body);
    const input = evaluationInput(plan, request, read?.ok ? read.value : value);
    return { runner, input, selected: selectRequest(runner, input, this.#deps.maxMode) };
  }

  /** Stages 9 and 10. */
  #take(
    { runner, input, selected }: Candidate,
    request: PipelineRequest,
    verifiedBy: string | null,
  ): Promise<Outcome> | Outcome {
    const { plan } = runner;
    if (selected.ignored !== null) {
      return { requestId: request.id, connector: plan.id, outcome: 'ignored', code: selected.ignored };
    }
    const job: HeldRequest = { runner, request, input, verifiedBy, mode: selected.mode };
    const pause = this.#deps.state.pauseOf(plan.id, plan.behaviour, plan.behaviourBefore);
    if (pause !== null) {
      return this.#hold(job, [
        { code: 'paused', grade: 'none', message: `the connector is paused: ${pause.reason}` },
      ]);
    }
    return selected.held === null ? this.#judge(job, selected) : this.#hold(job, [selected.held]);
  }

  /** Stages 11 and 12. A bug in here must not lose a request that was genuine: it is held. */
  async #judge(job: HeldRequest, selected: Selected): Promise<Outcome> {
    const { runner, request, input } = job;
    const { flows, state, now, onError } = this.#deps;
    let judgement: Judgement;
    try {
      const scripts = limitScriptTime(this.#deps.scripts, now);
      judgement = await judgeSelected(runner, input, selected, { scripts, flows });
    } catch (error) {
      onError(error, request);
      const message = 'an internal error stopped the mapping; the log of the runtime says more';
      return this.#hold(job, [{ code: 'mapping-failed', grade: 'none', message }]);
    }
    if (judgement.drift !== null) this.#describeDrift(runner.plan.id, judgement.drift);
    if (judgement.isRecipientGone) return this.#setAside(job, countIgnored(runner, judgement));
    if (judgement.isFit) state.fitted(runner.plan.id, judgement.mapped.length > 0);
    return this.#finish(job, judgement);
  }
}

/** Of a batch: that all of it was ignored. */
function countIgnored({ plan }: ConnectorRunner, { ignored }: Judgement): BatchCounts | undefined {
  return plan.split === null ? undefined : { delivered: 0, held: 0, ignored: ignored?.count ?? 0 };
}

function refuseRate(requestId: string, connector: string, { code, retryAfter }: RateRefusal): Rejected {
  return { ...rejected(requestId, connector, code), retryAfter };
}
