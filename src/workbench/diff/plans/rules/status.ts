/** Rule: test, live, disabled. Says whom the change reaches, and from when on. */
import type { ConnectorStatus } from '../../../../bundle/plan.ts';
import type { DiffRule, Finding } from '../change.ts';
import { weaknessesOf } from '../weaknesses.ts';

export const diffStatus: DiffRule = ({ before, after }) => {
  if (before.status === after.status) return [];
  const common = { path: '/status', before: before.status, after: after.status, explains: ['/status'] };
  const found = describe(before.status, after.status);
  const weaknesses = after.status === 'live' ? weaknessesOf(after) : [];
  // It may have been weakened while it was a test connector, where no gate fails.
  const message =
    weaknesses.length === 0
      ? found.message
      : `${found.message}. Judge what it leaves open: ${weaknesses.join('; ')}`;
  return [{ ...found, message, ...common }];
};

function describe(
  before: ConnectorStatus,
  after: ConnectorStatus,
): Pick<Finding, 'kind' | 'severity' | 'message'> {
  if (after === 'live')
    return {
      kind: 'status-to-live',
      severity: 'risky',
      message: `it goes live: its requests make real cards from the merge on${before === 'disabled' ? '; until now they were answered 200 and dropped' : '; until now they made test cards'}`,
    };
  if (before === 'live' && after === 'disabled')
    return {
      kind: 'status-from-live',
      severity: 'breaking',
      message:
        'no cards any more: every verified request is answered 200 and dropped, nothing is kept. To keep them, pause it instead',
    };
  if (before === 'live')
    return {
      kind: 'status-from-live',
      severity: 'risky',
      message:
        'no real cards any more: its requests make test cards from the merge on, and those are not sent again when it goes live',
    };
  return {
    kind: 'status-changed',
    severity: 'safe',
    message:
      after === 'disabled'
        ? 'no test cards any more: every verified request is answered 200 and dropped'
        : 'its requests make test cards from the merge on',
  };
}
