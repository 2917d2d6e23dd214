/** Says at the start what a person should know: settings that may be wrong, what is not served and why, secrets that are missing. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { findMissing, type ReportDeps } from '../admin/report-status.ts';

/** Reading a plan for the first time takes about 0.05 ms. */
const SLICE = 100;
/** More names than a person reads. */
const MAX_NAMED = 5;

export async function announceStart(
  deps: ReportDeps,
  warnings: readonly string[],
  announce: (text: string) => void,
): Promise<void> {
  for (const warning of warnings) announce(`warning: ${warning}`);
  for (const problem of deps.owner.problems()) announce(`problem: ${problem}`);
  const { active, lastError } = deps.activation.status;
  if (active === null) announce('no bundle is active: every request is answered 503 until there is one');
  if (lastError !== null) {
    const serving = active === null ? '' : `; serving ${active.source} (revision ${active.revision})`;
    announce(`problem: the bundle cannot be served: ${lastError.message}${serving}`);
  }
  for (const [reason, connectors] of await findMissingSecrets(deps)) {
    const more = connectors.length > MAX_NAMED ? ` and ${connectors.length - MAX_NAMED} more` : '';
    announce(
      `problem: ${reason}; connectors that answer 503 without it: ${connectors.slice(0, MAX_NAMED).join(', ')}${more}`,
    );
  }
}

/** Which secret is missing and why, and the connectors that need it. */
async function findMissingSecrets(deps: ReportDeps): Promise<ReadonlyMap<string, string[]>> {
  const missing = new Map<string, string[]>();
  let read = 0;
  for (const served of deps.activation.served.values()) {
    const plan = served.plan();
    read += 1;
    if (read % SLICE === 0) await nextTurn();
    if (plan === null) continue;
    for (const { name, reason } of findMissing(plan, deps)) {
      const key = `the secret ${name} cannot be used (${reason})`;
      missing.set(key, [...(missing.get(key) ?? []), plan.id]);
    }
  }
  return missing;
}
