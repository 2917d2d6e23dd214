/** What each gate of `sluice diff --gate` stops, and what to do about it. docs/reviewing.md says more. */
import type { GateName } from '../diff/plans/gates.ts';

export interface GateEntry {
  /** No sentence. */
  readonly title: string;
  /** Sentences. */
  readonly fix: string;
}

export const GATES: Readonly<Record<GateName, GateEntry>> = {
  'removed-not-disabled': {
    title: 'a connector is deleted that is not disabled',
    fix: 'Merge `status: disabled` first, so that its sender gets 200 and not 404; delete it in a later pull request.',
  },
  'security-weakened': {
    title: 'more people could make cards, or make them more easily',
    fix: 'Restore what the diff names, or say in the file why it is acceptable: `security.weakened: "<why>"`.',
  },
  'live-edited': {
    title: 'what a live connector does changes (a warning)',
    fix: 'Look at the triggers before and after in the diff; where it is risky, pause the connector before the merge and replay after it.',
  },
  'case-removed': {
    title: 'a case of a live connector that had to be refused or held is gone (a warning)',
    fix: 'Look whether the request is still refused or held: the diff shows what becomes of it. Keep the case, or say in the pull request why it is not needed.',
  },
};
