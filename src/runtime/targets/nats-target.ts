/**
 * Publishes each trigger to a JetStream stream (https://docs.nats.io/nats-concepts/jetstream), with the invocation id as
 * message id, so that the stream drops what it has. A trigger is taken once the stream has acknowledged it. Live and test
 * triggers go to subjects of their own: <prefix>.live.<flow> and <prefix>.test.<flow>.
 */

import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { anyText } from '../settings/parse-value.ts';
import { setting } from '../settings/setting.ts';
import { ABORTED, CLOSED, type Failure, unlessAborted } from './aborted.ts';
import { defineTarget } from './define-target.ts';
import type { Target } from './target.ts';

export interface NatsTargetOptions {
  /** Such as nats://10.0.0.5:4222; further ones of the same cluster. */
  readonly servers: readonly string[];
  /** Before the mode and the flow. */
  readonly prefix: string;
  readonly token: string | null;
  readonly name: string;
}

const WHO = 'NATS';
/** Until a connection is given up; a sender's request does not wait that long. */
const CONNECT_MS = 5000;
/** Until an acknowledgement is given up: as long as a hold waits. */
const ACKNOWLEDGE_MS = 30_000;
/** https://github.com/nats-io/nats-server/blob/main/server/errors.json: the message is longer than the stream takes. */
const TOO_LARGE = 10_054;

export const natsTarget = defineTarget({
  title: 'A JetStream stream.',
  settings: {
    natsServers: setting({
      flag: 'nats-servers',
      value: '<urls>',
      help: 'nats target: servers of one cluster, such as nats://10.0.0.5:4222,nats://10.0.0.6:4222',
      parse: anyText,
    }),
    natsSubject: setting({
      flag: 'nats-subject',
      value: '<prefix>',
      help: 'nats target: what subjects begin with, if not sluice; the mode and the flow follow (sluice.live.BkX2pQ)',
      parse: anyText,
    }),
    natsToken: setting({
      flag: 'nats-token',
      value: '<token>',
      help: 'nats target: token that the servers ask for',
      secret: true,
      parse: anyText,
    }),
  },
  needs: ['natsServers'],
  open({ natsServers, natsSubject, natsToken: token }, { userAgent: name }) {
    const prefix = natsSubject ?? 'sluice';
    const servers = (natsServers ?? '').split(',').map((server) => server.trim());
    const problems = servers.flatMap(serverProblems);
    if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(prefix))
      problems.push(
        `the subject "${prefix}" of the nats target is none: give words with dots between, without * and >`,
      );
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, target: createNatsTarget({ servers, prefix, token, name }) };
  },
});

/** The URL itself is not quoted: passwords stand in URLs. */
function serverProblems(server: string): string[] {
  if (!URL.canParse(server)) return ['a server of the nats target is not a URL: give nats://host:4222'];
  const { protocol, username, password } = new URL(server);
  if (!['nats:', 'tls:'].includes(protocol))
    return ['a server of the nats target is no nats:// or tls:// address'];
  if (username !== '' || password !== '')
    return ['a server of the nats target holds credentials: leave them out, and set SLUICE_NATS_TOKEN'];
  return [];
}

export function createNatsTarget({ servers, prefix, token, name }: NatsTargetOptions): Target {
  let connecting: Promise<Connected | Failure> | undefined;
  let connection: NatsConnection | undefined;
  let isClosed = false;

  const connect = async (): Promise<Connected | Failure> => {
    try {
      // Only deployments that use it load it.
      const nats = await import('@nats-io/transport-node');
      const jetstream = await import('@nats-io/jetstream');
      const connected = await nats.connect({
        servers: [...servers],
        name,
        timeout: CONNECT_MS,
        maxReconnectAttempts: -1,
        ...(token === null ? {} : { token }),
      });
      if (isClosed) await connected.close();
      connection = connected;
      return { stream: jetstream.jetstream(connected) };
    } catch (error) {
      // The next trigger tries again.
      connecting = undefined;
      return explain(error);
    }
  };

  const publish = async (trigger: OutgoingTrigger): Promise<Delivery> => {
    connecting ??= connect();
    const connected = await connecting;
    if (!('stream' in connected)) return connected;
    const subject = `${prefix}.${trigger.mode}.${trigger.actionFlow}`;
    try {
      const options = { msgID: messageId(trigger), timeout: ACKNOWLEDGE_MS, retries: 1 };
      await connected.stream.publish(subject, bodyOf(trigger), options);
      return { ok: true };
    } catch (error) {
      return explain(error);
    }
  };

  return {
    name: 'nats',
    async send(trigger, signal) {
      if (isClosed) return CLOSED;
      if (signal.aborted) return ABORTED;
      return (await unlessAborted(publish(trigger), signal)) ?? ABORTED;
    },
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}

interface Connected {
  readonly stream: JetStreamClient;
}

/** A stream compares ids over all of its subjects: a test must not take the place of the live one. */
function messageId({ mode, flowInvocationId }: OutgoingTrigger): string {
  return mode === 'live' ? flowInvocationId : `test:${flowInvocationId}`;
}

function bodyOf({
  requestId,
  connector,
  actionFlow,
  mode,
  flowInvocationId,
  trigger,
}: OutgoingTrigger): string {
  return stringifyJson({ connector, actionFlow, mode, flowInvocationId, requestId, trigger });
}

/** Nothing of an error's own text but what the server says of itself: subjects and payloads stay out. */
function explain(error: unknown): Failure {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  const later = (reason: string): Failure => ({ ok: false, retry: true, reason: `${WHO} ${reason}` });
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError')
    return { ...later('refuses the connection; check SLUICE_NATS_TOKEN'), isDeploymentFault: true };
  if (name === 'PermissionViolationError')
    return {
      ...later('does not let this client publish there; check its permissions'),
      isDeploymentFault: true,
    };
  if (
    name === 'NoRespondersError' ||
    (error as { isNoResponders?: () => boolean }).isNoResponders?.() === true
  )
    return later('has no stream for the subject, or the stream has no leader at the moment');
  if (code === TOO_LARGE) return { ok: false, retry: false, reason: `${WHO} takes no message of that size` };
  if (name === 'JetStreamApiError') return later(`does not store the trigger (error ${String(code)})`);
  if (name === 'TimeoutError') return later('gave no answer in time');
  if (cause instanceof Error && cause !== error) return explain(cause);
  return later('could not be reached');
}
