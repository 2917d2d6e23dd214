/** Says at the start what a person should know: settings that may be wrong, what is not served and why, secrets that are missing. */
import { describeLack } from '../admin/find-problems.ts';
import { type ReportDeps, reportConnector } from '../admin/report-status.ts';

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
  const lacking = new Map<string, string[]>();
  for (const [id, served] of deps.activation.served) {
    const { hasTarget, target } = reportConnector(served, deps);
    if (!hasTarget) lacking.set(target, [...(lacking.get(target) ?? []), id]);
  }
  for (const [target, connectors] of lacking) announce(`problem: ${describeLack(target, connectors)}`);
  await deps.secrets.check();
  for (const [reason, connectors] of bySecret(deps.secrets)) {
    const more = connectors.length > MAX_NAMED ? ` and ${connectors.length - MAX_NAMED} more` : '';
    announce(
      `problem: ${reason}; connectors that answer 503 without it: ${connectors.slice(0, MAX_NAMED).join(', ')}${more}`,
    );
  }
}

/** Which secret cannot be used and why, and the connectors that need it. */
function bySecret({ problems }: ReportDeps['secrets']): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [connector, ofConnector] of problems) {
    for (const { name, reason } of ofConnector) {
      const key = `the secret ${name} cannot be used (${reason})`;
      found.set(key, [...(found.get(key) ?? []), connector]);
    }
  }
  return found;
}
