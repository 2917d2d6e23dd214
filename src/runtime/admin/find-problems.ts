/**
 * What an operator should hear of first. In: what the parts of a runtime know. Out: sentences with a time and the next
 * command, worst first. Never a payload value or a secret; the same list for the status, its exit code and the alert.
 */
import type { ConnectorReport, FlowStatus, ProblemReport, StatusReport } from '../../admin-api/answers.ts';
import { SENT_AGAIN } from '../redelivery/attempt-hold.ts';

/** A target that fails for so long will not come back by itself, in milliseconds. */
const TARGET_PATIENCE_MS = 60_000;
/** Names in a sentence. */
const MAX_NAMED = 3;
/** Of what may be held: what is left is for the night. */
const NEARLY_FULL = 0.8;

type Sources = Omit<StatusReport, 'problems'>;

/** `now`: milliseconds since the epoch. */
export function findProblems(status: Sources, now: number): readonly ProblemReport[] {
  return [
    ...ofState(status),
    ...ofBundle(status),
    ...ofFlows(status, now),
    ...ofFailing(status),
    ...ofTargets(status.connectors),
    ...ofSecrets(status.connectors),
    ...status.connectors.flatMap(ofConnector),
  ];
}

function ofState({ state }: Sources): ProblemReport[] {
  return state.problems.map((what, index) => problem(null, what, state.since[index] ?? null, null));
}

function ofBundle({ bundle, activation, ready }: Sources): ProblemReport[] {
  const error = activation.lastError;
  const why = error === null ? '' : `: ${error.message}`;
  if (bundle === null)
    return [
      problem(null, `no bundle is active, every request is answered 503${why}`, error?.at ?? null, 'build'),
    ];
  const found: ProblemReport[] = [];
  if (error !== null)
    found.push(
      problem(null, `the newest bundle was refused, the last good one serves${why}`, error.at, 'build'),
    );
  if (!ready) found.push(problem(null, 'no process takes webhooks at the moment', null, null));
  return found;
}

/** A target that is down fails for all of its flows: that is one problem. */
function ofFlows({ flows }: Sources, now: number): ProblemReport[] {
  const groups = Map.groupBy(flows, ({ target, state }) => `${target} ${state}`);
  return [...groups.values()].map((group) => {
    const [first] = group as [FlowStatus, ...FlowStatus[]];
    const oldest = Math.min(...group.map((flow) => flow.oldest?.receivedAt ?? Number.POSITIVE_INFINITY));
    const since = Math.min(...group.map((flow) => flow.since ?? now));
    const waiting = group.reduce((sum, flow) => sum + flow.waiting, 0);
    const what = `the target ${first.target} ${FLOW_STATES[first.state]} ${named(group.map(({ flow }) => flow))}${
      first.reason === null ? '' : `: ${first.reason}`
    }; ${plural(waiting, 'request waits and is', 'requests wait and are')} sent again by themselves${
      oldest === Number.POSITIVE_INFINITY ? '' : `, the oldest of ${iso(oldest).slice(0, 16)}Z`
    }`;
    const found = problem(null, what, iso(since), 'held list --code undelivered');
    const needsPerson =
      first.state === 'parked' || (first.state === 'failing' && now - since >= TARGET_PATIENCE_MS);
    return { ...found, needsPerson };
  });
}

/** The flow may be well: what it has refused to take for a day waits for somebody to look. */
function ofFailing({ failing }: Sources): ProblemReport[] {
  return failing.map(({ target, flow, count, oldest, reason }) => {
    const what = `${plural(count, 'request has', 'requests have')} been sent to ${flow} of the target ${target} for over a day and ${count === 1 ? 'is' : 'are'} not taken; the oldest is ${oldest.id}, tried ${plural(oldest.attempts, 'time', 'times')}: ${reason}`;
    return problem(null, what, iso(oldest.receivedAt), `held show ${oldest.id}`);
  });
}

const FLOW_STATES: Readonly<Record<FlowStatus['state'], string>> = {
  well: 'takes what is sent to',
  slow: 'is slow to take what is sent to',
  failing: 'does not take what is sent to',
  parked: 'refuses, by the settings of this deployment, what is sent to',
};

function named(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`;
}

/** One line in a file may be missing for many connectors: it is one problem. */
function ofTargets(connectors: readonly ConnectorReport[]): ProblemReport[] {
  const lacking = Map.groupBy(
    connectors.filter(({ hasTarget }) => !hasTarget),
    ({ target }) => target,
  );
  return [...lacking].map(([target, group]) => {
    const ids = group.map(({ id }) => id);
    const what = `${describeLack(target, ids)}: what comes in is held, and sent once the targets file has it`;
    return { connectors: ids, what, since: null, next: null, needsPerson: true };
  });
}

/** Such as: this deployment has no target "billing", which orders and invoices name. */
export function describeLack(target: string, connectors: readonly string[]): string {
  const verb = connectors.length === 1 ? 'sends' : 'send';
  return `this deployment has no target "${target}", where ${named(connectors)} ${verb} to`;
}

/** One secret may stop many connectors: it is one problem. */
function ofSecrets(connectors: readonly ConnectorReport[]): ProblemReport[] {
  const bySecret = new Map<string, { since: string; reason: string; stops: boolean; ids: string[] }>();
  for (const { id, secrets } of connectors) {
    for (const { name, reason, stops, since } of secrets) {
      const key = `${name}\n${reason}\n${stops}`;
      const known = bySecret.get(key);
      if (known === undefined) bySecret.set(key, { since, reason, stops, ids: [id] });
      else {
        known.ids.push(id);
        if (since < known.since) known.since = since;
      }
    }
  }
  return [...bySecret].map(([key, { since, reason, stops, ids }]) => {
    const who = named(ids);
    const name = key.split('\n', 1)[0];
    const what = stops
      ? `${who} ${ids.length === 1 ? 'answers' : 'answer'} 503: ${name}: ${reason}`
      : `${name}: ${reason}: what only this one proves is answered 503, the other secret of ${who} works`;
    return { connectors: ids, what, since, next: null, needsPerson: stops };
  });
}

function ofConnector(connector: ConnectorReport): ProblemReport[] {
  const { id, paused, broken, held } = connector;
  const found: ProblemReport[] = [];
  if (broken !== null) found.push(problem(id, `answers 503: ${broken}`, null, 'build'));
  if (paused !== null)
    found.push(problem(id, `paused by ${paused.by}: ${paused.reason}`, paused.at, `status ${id}`));
  // What is held during a pause is told with it; a pause that is over leaves what it kept to be replayed.
  const waiting =
    paused !== null
      ? []
      : Object.entries(held.byCode).filter(([code, count]) => count > 0 && !SENT_AGAIN.has(code));
  if (waiting.length > 0) {
    const total = waiting.reduce((sum, [, count]) => sum + count, 0);
    const codes = waiting.map(([code, count]) => `${count} ${code}`).join(', ');
    const what = `${plural(total, 'request is held and waits', 'requests are held and wait')} for you (${codes})`;
    const since = held.oldestAt === null ? null : iso(held.oldestAt);
    found.push(problem(id, what, since, `held list --connector ${id}`));
  }
  if (held.quotaUsed >= 1)
    found.push(
      problem(
        id,
        'holds as much as it may: what would be held is answered 503',
        null,
        `held list --connector ${id}`,
      ),
    );
  else if (held.quotaUsed >= NEARLY_FULL)
    found.push(
      problem(
        id,
        `holds ${Math.round(held.quotaUsed * 100)} % of what it may`,
        null,
        `held list --connector ${id}`,
      ),
    );
  return found;
}

function problem(
  connector: string | null,
  what: string,
  since: string | null,
  next: string | null,
): ProblemReport {
  const named = connector === null ? what : `${connector}: ${what}`;
  return { connectors: connector === null ? [] : [connector], what: named, since, next, needsPerson: true };
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
