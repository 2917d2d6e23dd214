/**
 * Stages 1 to 3, as far as the head of a request decides them: which connector, by which method, from which address,
 * with which kind of body. In: the head. Out: the connector's functions, or the rejection. Reads no body.
 */

import type { RejectionCode } from '../../outcomes/codes.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { RequestHeaders } from '../../stages/request.ts';
import { type BodyProblem, type BodyType, type ContentCoding, readBodyType } from './body-type.ts';
import type { ActiveConnector, ConnectorRunner } from './connector.ts';
import type { UrlKeys } from './url-keys.ts';

/** What is known of a request before its body is read. */
export interface RequestHead {
  /** Id that the answer, the log and the hold carry. */
  readonly id: string;
  /** Id of the connector as it stands in the URL; not trusted. */
  readonly connector: string;
  /** What follows the id in the URL; not trusted. Absent: nothing does. */
  readonly token?: string | undefined;
  readonly method: string;
  readonly ip: string;
  readonly headers: RequestHeaders;
}

export type Rejected = Outcome & { readonly outcome: 'rejected' };

export type Admission =
  /** `urlKey`: name of the key that the URL was made with; null where this deployment has none. */
  | {
      readonly ok: true;
      readonly runner: ConnectorRunner;
      readonly urlKey: string | null;
      /** What the body is compressed with; null: nothing. */
      readonly coding: ContentCoding | null;
      /** Why it is refused unless it is a first contact. */
      readonly bodyProblem?: BodyProblem;
    }
  | { readonly ok: false; readonly outcome: Rejected };

const NO_CODING: BodyType = { ok: true, coding: null };

export function admit(
  head: RequestHead,
  connector: ActiveConnector | undefined,
  urlKeys: UrlKeys | null = null,
): Admission {
  // Also where there is no such connector, and before its first use builds it: the time must not tell which ids exist.
  const urlKey = urlKeys === null ? null : urlKeys.match(head.connector, head.token ?? '');
  if (connector === undefined) return refuse(head.id, null, 'connector-unknown');
  if (urlKeys !== null && urlKey === null) return refuse(head.id, connector.id, 'connector-unknown');
  const runner = connector.runner();
  if (runner === null) return refuse(head.id, connector.id, 'connector-broken');
  const { plan } = runner;
  // Its events come by the URL of another connector.
  if (plan.eventsOf !== undefined) return refuse(head.id, plan.id, 'connector-unknown');
  if (urlKeys === null) {
    // To a stranger a disabled connector does not exist.
    if (plan.urlKey && plan.status !== 'disabled') return refuse(head.id, plan.id, 'url-key-missing');
    if (plan.urlKey || head.token !== undefined) return refuse(head.id, plan.id, 'connector-unknown');
  }
  const challengeMethods: readonly string[] = runner.handshakes?.methods ?? [];
  const isChallenge = challengeMethods.includes(head.method);
  if (!isChallenge && !(plan.methods as readonly string[]).includes(head.method)) {
    const outcome = rejected(head.id, plan.id, 'method-not-allowed');
    return { ok: false, outcome: { ...outcome, allow: [...plan.methods, ...challengeMethods] } as Rejected };
  }
  if (runner.allowsAddress !== null && !runner.allowsAddress(head.ip)) {
    return refuse(head.id, plan.id, 'address-not-allowed');
  }
  // What a challenge needs stands in its head.
  const type: BodyType = isChallenge ? NO_CODING : readBodyType(head.headers, plan.body);
  if (type.ok) return { ok: true, runner, urlKey, coding: type.coding };
  // An unsigned ping may be of any type; what is none is refused once its body has been looked at.
  if (runner.firstContact !== null) return { ok: true, runner, urlKey, coding: null, bodyProblem: type };
  return refuse(head.id, plan.id, type.code, type.detail);
}

export function rejected(
  requestId: string,
  connector: string | null,
  code: RejectionCode,
  detail?: string,
): Rejected {
  return detail === undefined
    ? { requestId, connector, outcome: 'rejected', code }
    : { requestId, connector, outcome: 'rejected', code, detail };
}

/** What a sender of too long a body is told. */
export function tooLarge(bytes: number): string {
  return `send at most ${bytes} bytes`;
}

function refuse(
  requestId: string,
  connector: string | null,
  code: RejectionCode,
  detail?: string,
): Admission {
  return { ok: false, outcome: rejected(requestId, connector, code, detail) };
}
