/**
 * Notes what the stages said while a request ran through the pipeline. In: a connector's plan. Out: the connector to run,
 * and what was observed. Only wraps the stages' public functions: what runs is what production runs.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import {
  type ActiveConnector,
  activateConnector,
  type ConnectorRunner,
} from '../../runtime/pipeline/connector.ts';
import type { UrlKeys } from '../../runtime/pipeline/url-keys.ts';
import type { ElementResult, Evaluation, Evaluator } from '../../stages/evaluation.ts';
import {
  type HandshakeSource,
  type Handshakes,
  handshakesOf,
  materialiseHandshakes,
} from '../../stages/handshake/handshake.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { RequestHeaders } from '../../stages/request.ts';
import type { Verification } from '../../stages/signature/verification.ts';
import { materialiseSplit } from '../../stages/split.ts';

/** What each stage said of one request; absent where the request did not get there. */
export interface Observation {
  urlKey?: boolean;
  addressAllowed?: boolean;
  verification?: Verification;
  /** Which handshake of the plan answered. */
  handshake?: number;
  /** What `when` and `testWhen` looked at. */
  selected?: { readonly body: JsonValue; readonly headers: RequestHeaders };
  evaluation?: Evaluation;
  /** One for each payload that was judged: the body, or the elements of a batch. */
  readonly judged: {
    readonly payload: JsonValue;
    readonly headers: RequestHeaders;
    readonly result: ElementResult;
  }[];
}

export interface ObservedConnector {
  readonly connector: ActiveConnector;
  readonly observation: Observation;
  observeKeys(keys: UrlKeys): UrlKeys;
}

export function observeConnector(plan: ConnectorPlan): ObservedConnector {
  const observation: Observation = { judged: [] };
  const inner = activateConnector({ id: plan.id, digest: plan.behaviour, plan: () => plan });
  const runner = inner.runner();
  const observed = runner === null ? null : observeRunner(runner, observation);
  return {
    connector: { id: inner.id, digest: inner.digest, runner: () => observed, broken: inner.broken },
    observation,
    observeKeys: (keys) => ({
      tokensOf: (connector) => keys.tokensOf(connector),
      match(connector, token) {
        const name = keys.match(connector, token);
        observation.urlKey = name !== null;
        return name;
      },
    }),
  };
}

function observeRunner(runner: ConnectorRunner, observation: Observation): ConnectorRunner {
  const { plan, allowsAddress, verifier, handshakes, evaluator } = runner;
  return {
    ...runner,
    allowsAddress:
      allowsAddress &&
      ((ip) => {
        observation.addressAllowed = allowsAddress(ip);
        return observation.addressAllowed;
      }),
    verifier: verifier && {
      async verify(...parameters) {
        const verification = await verifier.verify(...parameters);
        observation.verification = verification;
        return verification;
      },
    },
    handshakes: handshakes && observeHandshakes(handshakes, handshakesOf(plan), observation),
    evaluator: observeEvaluator(evaluator, plan, observation),
  };
}

/** Which one answered is asked of each alone: together they only say that one did. */
function observeHandshakes(
  handshakes: Handshakes,
  source: HandshakeSource,
  observation: Observation,
): Handshakes {
  const single = source.handshake.map((one) => materialiseHandshakes({ ...source, handshake: [one] }));
  const note = (answers: (one: Handshakes) => boolean): void => {
    const index = single.findIndex(answers);
    if (index !== -1) observation.handshake = index;
  };
  return {
    ...handshakes,
    answerVerified(challenge, verifiedBy, secrets) {
      note((one) => one.answerVerified(challenge, verifiedBy, secrets) !== null);
      return handshakes.answerVerified(challenge, verifiedBy, secrets);
    },
    answerChallenge(challenge, windowOpen, secrets) {
      note((one) => one.answerChallenge(challenge, windowOpen, secrets).ok);
      return handshakes.answerChallenge(challenge, windowOpen, secrets);
    },
  };
}

function observeEvaluator(evaluator: Evaluator, plan: ConnectorPlan, observation: Observation): Evaluator {
  const split = plan.split === null ? null : materialiseSplit(plan.split);
  return {
    select(body, headers, mode) {
      observation.selected = { body, headers };
      return evaluator.select(body, headers, mode);
    },
    async evaluate(input, mode, scripts, only) {
      const evaluation = await evaluator.evaluate(input, mode, scripts, only);
      observation.evaluation = evaluation;
      if (evaluation.kind === 'judged') {
        const payloads = split === null ? null : (split(input.body) ?? []);
        for (const [position, result] of evaluation.elements.entries()) {
          const payload = payloads === null ? input.body : payloads[evaluation.indexes[position] ?? 0];
          if (payload !== undefined) observation.judged.push({ payload, headers: input.headers, result });
        }
      }
      return evaluation;
    },
    sourceId: (input) => evaluator.sourceId(input),
  };
}
