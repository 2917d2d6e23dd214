/**
 * Starts Action Flows through Atomic's API (https://documentation.atomic.io/api/action-flow-api). Everything that knows
 * that API is in this file: addresses, the body, and what its answers mean.
 */

import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { anyText, url } from '../settings/parse-value.ts';
import { setting, showUrl } from '../settings/setting.ts';
import { ABORTED, CLOSED, type Failure } from './aborted.ts';
import { createTokenSource } from './access-token.ts';
import { defineTarget, urlProblems } from './define-target.ts';
import { createPoster, type PostResult } from './post.ts';
import { explainRefusal, readAnswer } from './read-answer.ts';
import { type Attempt, type Pause, retryQuickly } from './retry-quickly.ts';
import type { Target } from './target.ts';

/** https://documentation.atomic.io/api/auth */
const TOKEN_URL = 'https://master-atomic-io.auth.us-east-1.amazoncognito.com/oauth2/token';

export interface AtomicTargetOptions {
  readonly org: string;
  readonly env: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The API requires one. */
  readonly userAgent: string;
  readonly tokenUrl?: string | null;
  readonly baseUrl?: string | null;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly pause?: Pause;
}

const WHO = 'the Action Flow API';

export const atomicTarget = defineTarget({
  title: 'The Action Flow API of Atomic.',
  settings: {
    atomicOrg: setting({
      flag: 'atomic-org',
      value: '<name>',
      help: 'atomic target: organisation',
      parse: anyText,
    }),
    atomicEnv: setting({
      flag: 'atomic-env',
      value: '<id>',
      help: 'atomic target: environment',
      parse: anyText,
    }),
    atomicClientId: setting({
      flag: 'atomic-client-id',
      value: '<id>',
      help: 'atomic target: OAuth2 client id',
      parse: anyText,
    }),
    atomicClientSecret: setting({
      flag: 'atomic-client-secret',
      value: '<secret>',
      help: 'atomic target: OAuth2 client secret',
      secret: true,
      parse: anyText,
    }),
    atomicTokenUrl: setting({
      flag: 'atomic-token-url',
      value: '<url>',
      help: 'atomic target: where access tokens come from, if not the usual place',
      parse: url,
      show: showUrl,
    }),
    atomicBaseUrl: setting({
      flag: 'atomic-base-url',
      value: '<url>',
      help: 'atomic target: address of the API, if not the usual one',
      parse: url,
      show: showUrl,
    }),
  },
  needs: ['atomicOrg', 'atomicEnv', 'atomicClientId', 'atomicClientSecret'],
  open(values, { userAgent }) {
    const { atomicTokenUrl: tokenUrl, atomicBaseUrl: baseUrl } = values;
    const [org, env] = [values.atomicOrg ?? '', values.atomicEnv ?? ''];
    const [clientId, clientSecret] = [values.atomicClientId ?? '', values.atomicClientSecret ?? ''];
    const problems = [
      ...urlProblems('the token URL of the atomic target', tokenUrl),
      ...urlProblems('the base URL of the atomic target', baseUrl),
    ];
    // It becomes part of a host name: anything else could lead the credentials elsewhere.
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(org)) {
      problems.push(
        `the organisation "${org}" of the atomic target is not an id: give letters, digits and hyphens`,
      );
    }
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(env)) {
      problems.push(
        `the environment "${env}" of the atomic target is not an id: give letters, digits, _ and -`,
      );
    }
    if (clientId === '' || clientId.includes(':')) {
      problems.push(
        'the client id of the atomic target is empty or has a colon: give the id from the Workbench',
      );
    }
    if (clientSecret === '') problems.push('the client secret of the atomic target is empty: set it');
    if (problems.length > 0) return { ok: false, problems };
    const options = { org, env, clientId, clientSecret, tokenUrl, baseUrl, userAgent };
    return { ok: true, target: createAtomicTarget(options) };
  },
});

export function createAtomicTarget(options: AtomicTargetOptions): Target {
  const { org, env, clientId, clientSecret, userAgent, now = Date.now, pause } = options;
  const baseUrl = (options.baseUrl ?? `https://${org}.customer-api.atomic.io`).replace(/\/+$/, '');
  const tokenUrl = options.tokenUrl ?? TOKEN_URL;
  const poster = createPoster();
  const tokens = createTokenSource({ tokenUrl, clientId, clientSecret, userAgent, poster, now });
  let isClosed = false;

  const start = async (url: string, outgoing: OutgoingTrigger, signal: AbortSignal): Promise<Attempt> => {
    const body = stringifyJson(bodyOf(outgoing));
    for (let isSecond = false; ; isSecond = true) {
      const got = await tokens.get(signal);
      if (!got.ok) return { delivery: got.failure, isBroken: false };
      const headers = {
        authorization: `Bearer ${got.token}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': userAgent,
      };
      const result = await poster.post({ url, headers, body, signal, readText: 'refused' });
      if (result.kind !== 'answered' || result.status !== 401) {
        return {
          delivery: explainRefusal(parkFault(readAnswer(result, WHO, now()), result), result, outgoing, [
            got.token,
            clientSecret,
          ]),
          isBroken: result.kind === 'failed' && result.isBroken,
        };
      }
      if (isSecond) {
        tokens.rest(got.token, UNAUTHORISED);
        return { delivery: UNAUTHORISED, isBroken: false };
      }
      tokens.discard(got.token);
    }
  };

  return {
    name: 'atomic',
    async send(trigger, signal): Promise<Delivery> {
      if (isClosed) return CLOSED;
      if (signal.aborted) return ABORTED;
      const flow = encodeURIComponent(trigger.actionFlow);
      const call = trigger.mode === 'live' ? 'start' : 'test';
      const url = `${baseUrl}/v1/${encodeURIComponent(env)}/action-flow/${flow}/${call}`;
      return retryQuickly(() => start(url, trigger, signal), signal, pause);
    },
    close() {
      isClosed = true;
      return poster.close();
    },
  };
}

/** The trigger is not at fault, and goes once somebody has put the credentials right. */
const UNAUTHORISED: Failure = {
  ok: false,
  retry: true,
  isDeploymentFault: true,
  reason: `${WHO} answered 401 twice; check the client id and what it may do`,
};

/** Statuses that say something about the credentials, the environment or the flow, and nothing about the trigger. */
const FAULTS: Readonly<Record<number, string>> = {
  403: 'check what the client id may do',
  404: 'check the flow id, --flows and the environment',
};

function parkFault(delivery: Delivery, result: PostResult): Delivery {
  const advice = result.kind === 'answered' ? FAULTS[result.status] : undefined;
  if (delivery.ok || advice === undefined) return delivery;
  return { ...delivery, retry: true, isDeploymentFault: true, reason: `${delivery.reason}; ${advice}` };
}

function bodyOf({ trigger, flowInvocationId }: OutgoingTrigger): object {
  const { targetUserIds, cardOptions, variables, notificationDetail, metadata } = trigger;
  return {
    flows: [
      {
        target: { type: 'user', targetUserIds },
        // What is undefined is left out of the JSON.
        payload: { cardOptions, variables, notificationDetail, metadata },
        flowInvocationId,
      },
    ],
  };
}
