/**
 * Looks again and again at what goes bad while nothing happens: secrets that are gone, a disk that takes nothing. In: who can
 * tell. Out: lines in the log when it begins and when it is over; status and metrics read the same state.
 */
import type { Timer } from '../../outcomes/timer.ts';
import type { SecretHealth } from '../bundles/secret-health.ts';
import type { Log } from '../log/log.ts';
import type { StateOwner } from '../state/state-owner.ts';

export interface HealthOptions {
  readonly owner: Pick<StateOwner, 'check' | 'problems'>;
  readonly health: SecretHealth;
  readonly timer: Timer;
  readonly log: Log;
}

const EVERY_MS = 30_000;

/** Returns how to stop. */
export function watchHealth({ owner, health, timer, log }: HealthOptions): () => void {
  let known: ReadonlySet<string> = new Set([...namesOf(health), ...owner.problems()]);
  let cancel = (): void => {};
  let isStopped = false;
  const look = async (): Promise<void> => {
    await Promise.all([owner.check(), health.check()]);
    const problems = new Set([...namesOf(health), ...owner.problems()]);
    for (const problem of problems) if (!known.has(problem)) log.error({ problem }, 'a problem has come up');
    for (const problem of known) if (!problems.has(problem)) log.info({ problem }, 'a problem is over');
    known = problems;
    if (!isStopped) cancel = timer.start(EVERY_MS, () => void look());
  };
  cancel = timer.start(EVERY_MS, () => void look());
  return () => {
    isStopped = true;
    cancel();
  };
}

function namesOf({ problems }: SecretHealth): string[] {
  return [...problems].flatMap(([connector, ofConnector]) =>
    ofConnector.map(({ name, reason }) => `${connector}: the secret ${name} cannot be used (${reason})`),
  );
}
