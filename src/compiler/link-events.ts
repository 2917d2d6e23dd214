/**
 * Connectors that share a URL. In: the records of all connectors. Out: what is wrong between them, and the lines of those
 * that have one: the connector with the URL names who takes its events, and each of these has its security.
 */
import { decodeConnector, encodeConnector } from '../bundle/connector-line.ts';
import type { ConnectorPlan } from '../bundle/plan.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/printable.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { materialiseConditions } from '../stages/match-when.ts';
import type { EvaluationSample } from '../stages/sample.ts';
import type { ConnectorRecord } from './record.ts';
import type { IdPlace } from './rules/identity.ts';

export interface LinkedEvents {
  readonly diagnostics: readonly Diagnostic[];
  /** Of connectors that share a URL; null: something between them is wrong. */
  readonly lines: ReadonlyMap<ConnectorRecord, Buffer | null>;
}

export interface LinkOptions {
  /** Not all connectors are there: one that is named and not found may be right. */
  readonly isPartial: boolean;
  readonly samplesOf: (record: ConnectorRecord) => readonly EvaluationSample[];
}

interface Taker {
  readonly record: ConnectorRecord;
  readonly plan: ConnectorPlan;
}

type Member = Taker & { readonly place: IdPlace };

export function linkEvents(records: readonly ConnectorRecord[], options: LinkOptions): LinkedEvents {
  const diagnostics: Diagnostic[] = [];
  const lines = new Map<ConnectorRecord, Buffer | null>();
  const byId = new Map(records.map((record) => [record.facts.id?.id, record]));
  const members = new Map<ConnectorRecord, Member[]>();
  const refuse = (record: ConnectorRecord, { span }: Pick<IdPlace, 'span'>, message: string): void => {
    diagnostics.push(diagnose('events-of-invalid', message, span));
    lines.set(record, null);
  };
  for (const record of records) {
    const place = record.facts.eventsOf ?? null;
    if (place === null) continue;
    const host = byId.get(place.id);
    const problem = host === undefined ? absent(place, byId, options) : wrongHost(record, host);
    if (problem !== null) refuse(record, place, problem);
    const plan = planOf(record);
    if (host === undefined || problem !== null || plan === null) continue;
    members.set(host, [...(members.get(host) ?? []), { record, plan, place }]);
  }
  for (const record of records) {
    const span = record.facts.mapsNone ?? null;
    if (span === null || options.isPartial || members.has(record)) continue;
    refuse(
      record,
      { span },
      'nothing becomes of the events of this URL: no connector names it under eventsOf',
    );
  }
  for (const [record, some] of members) {
    const plan = planOf(record);
    if (plan === null) continue;
    const own: readonly Taker[] = record.facts.mapsNone == null ? [{ record, plan }] : [];
    const takers = [...own, ...some].sort((one, other) => (one.plan.id < other.plan.id ? -1 : 1));
    lines.set(record, lineOf({ ...plan, events: takers.map((taker) => taker.plan.id) }));
    for (const member of some) {
      const problem = conflict(member, plan);
      if (problem !== null) refuse(member.record, member.place, problem);
      else lines.set(member.record, lineOf(withSecurityOf(member.plan, plan)));
    }
    diagnostics.push(...findShared(takers, options));
  }
  return { diagnostics, lines };
}

function planOf({ line }: ConnectorRecord): ConnectorPlan | null {
  return line === null ? null : (decodeConnector(line, 0, line.length)?.plan() ?? null);
}

function lineOf(plan: ConnectorPlan): Buffer {
  return Buffer.from(encodeConnector(plan).line);
}

function absent(
  { id }: IdPlace,
  byId: ReadonlyMap<string | undefined, ConnectorRecord>,
  { isPartial }: LinkOptions,
): string | null {
  if (isPartial) return null;
  const known = [...byId.keys()].filter((one) => one !== undefined);
  return `there is no connector ${quote(id)}${didYouMean(id, known) || '; name the one that has the URL'}`;
}

function wrongHost(record: ConnectorRecord, host: ConnectorRecord): string | null {
  if (host === record)
    return 'a connector cannot take the events of its own URL from itself; leave eventsOf out';
  const further = host.facts.eventsOf?.id;
  if (further === undefined) return null;
  return `${quote(host.facts.id?.id)} has no URL of its own; write eventsOf: ${further}`;
}

/** What the one that has the URL does not allow. */
function conflict({ plan }: Member, host: ConnectorPlan): string | null {
  const name = quote(host.id);
  if (plan.status === 'live' && host.status !== 'live')
    return `this connector is live, but ${name}, which proves where its events come from, is not; set its status to live`;
  if (plan.status === 'test' && host.status === 'disabled')
    return `${name} is disabled, so that no event arrives; enable it, or disable this connector too`;
  if (plan.body !== host.body)
    return `${name} reads bodies as ${host.body}, and this connector as ${plan.body}; write body: ${host.body}`;
  const { idempotency } = withSecurityOf(plan, host);
  if (plan.status === 'live' && idempotency.kind === 'none' && plan.idempotency.kind === 'none')
    return `neither this live connector nor ${name} says what identifies an event; add idempotency`;
  const isUnproven =
    plan.idempotency.kind === 'header' &&
    host.signature !== null &&
    !host.signature.covers.headers.includes(plan.idempotency.header);
  return isUnproven
    ? 'its idempotency is a header that the signature does not cover; use a path in the body, or body'
    : null;
}

/** As if the requests came by a URL of its own that is secured so. */
function withSecurityOf(plan: ConnectorPlan, host: ConnectorPlan): ConnectorPlan {
  const { methods, allowIps, signature, urlKey, handshake, acknowledge } = host;
  return {
    ...plan,
    methods,
    allowIps,
    signature,
    urlKey,
    ...(handshake === undefined ? {} : { handshake }),
    ...(acknowledge === undefined ? {} : { acknowledge }),
    idempotency: plan.idempotency.kind === 'none' ? host.idempotency : plan.idempotency,
  };
}

/** Samples that two would take: only the first by id ever would. */
function findShared(takers: readonly Taker[], { samplesOf }: LinkOptions): readonly Diagnostic[] {
  const matchers = takers.map(({ plan }) => materialiseConditions(plan.when));
  return takers.flatMap(({ record, plan }, index) => {
    const samples = samplesOf(record);
    return takers.flatMap((other, place): readonly Diagnostic[] => {
      if (place === index || JSON.stringify(other.plan.unwrap) !== JSON.stringify(plan.unwrap)) return [];
      const shared = samples.find(({ body, headers }) => matchers[place]?.(body, headers).kind === 'match');
      const owner = record.facts.eventsOf ?? other.record.facts.eventsOf;
      if (shared === undefined || owner == null) return [];
      const message = `the sample ${quote(shared.name)} of ${quote(plan.id)} is for ${quote(other.plan.id)} too, and only one of them would get such events; make their when differ`;
      return [diagnose('events-of-shared', message, owner.span)];
    });
  });
}
