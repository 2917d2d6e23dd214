/**
 * What an operator should hear of first. In: what the parts of a runtime know. Out: sentences with a time and the next
 * command, worst first. Never a payload value or a secret; the same list for the status, its exit code and the alert.
 */
import type { ConnectorReport, ProblemReport, StatusReport } from '../../admin-api/answers.ts';

/** A target that fails for so long will not come back by itself, in milliseconds. */
const TARGET_PATIENCE_MS = 60_000;
/** Names in a sentence. */
const MAX_NAMED = 3;
/** Of what may be held: what is left is for the night. */
const NEARLY_FULL = 0.8;
/** Held requests that go out without anybody. */
const NOBODY_NEEDED: ReadonlySet<string> = new Set(['undelivered']);

type Sources = Omit<StatusReport, 'problems'>;

/** `now`: milliseconds since the epoch. */
export function findProblems(status: Sources, now: number): readonly ProblemReport[] {
  return [
    ...ofState(status),
    ...ofBundle(status),
    ...ofTarget(status, now),
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

function ofTarget({ target, redelivery }: Sources, now: number): ProblemReport[] {
  const { failingSince, waiting } = redelivery;
  if (failingSince === null || now - failingSince < TARGET_PATIENCE_MS) return [];
  const what = `the target ${target} has taken nothing; ${plural(waiting, 'request waits', 'requests wait')} and will be sent again by themselves once it does`;
  return [problem(null, what, iso(failingSince), 'held list --code undelivered')];
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
    const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
    const named = `${ids.slice(0, MAX_NAMED).join(', ')}${more}`;
    const name = key.split('\n', 1)[0];
    const what = stops
      ? `${named} ${ids.length === 1 ? 'answers' : 'answer'} 503: ${name}: ${reason}`
      : `${name}: ${reason}: what only this one proves is answered 503, the other secret of ${named} works`;
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
      : Object.entries(held.byCode).filter(([code, count]) => count > 0 && !NOBODY_NEEDED.has(code));
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
