/** What a merge must not do by accident. In: what differs. Out: the gates that it meets, and whether they let it through. */
import { isNewReason, isNewReasonIn } from './acknowledgement.ts';
import type { ConnectorDiff } from './diff-connectors.ts';
import { type ChangeKind, weakensSecurity } from './kinds.ts';
import { TWO_WAYS } from './rules/behaviour.ts';

export type GateName = 'removed-not-disabled' | 'security-weakened' | 'live-edited' | 'case-removed';

export interface Gate {
  readonly gate: GateName;
  readonly connector: string;
  /** fail: `--gate` exits 1. acknowledged: it would fail, and the file says why it may pass. */
  readonly result: 'fail' | 'warn' | 'acknowledged';
  /** What to do. May quote the connector file: escape it before it is printed. */
  readonly message: string;
}

/** In the order of connectors; of one connector, those that fail first. */
export function checkGates(diffs: readonly ConnectorDiff[]): readonly Gate[] {
  return diffs.flatMap((diff) =>
    [...checkRemoval(diff), ...checkSecurity(diff), ...checkEdit(diff)].map((gate) => ({
      ...gate,
      connector: diff.id,
    })),
  );
}

type Verdict = Omit<Gate, 'connector'>;

function checkRemoval({ before, changes }: ConnectorDiff): readonly Verdict[] {
  if (!changes.some(({ kind }) => kind === 'connector-removed')) return [];
  if (before === null || before.status === 'disabled') return [];
  const message = `its status is ${before.status}: merge \`status: disabled\` first, and delete it in a later pull request`;
  return [{ gate: 'removed-not-disabled', result: 'fail', message }];
}

function checkSecurity({ before, after, brokenBefore, changes, reasons }: ConnectorDiff): readonly Verdict[] {
  if (after === null) return [];
  const isUnknown = brokenBefore !== null && after.status === 'live';
  const kinds = new Set(
    changes
      .map(({ kind }) => kind)
      .filter((kind) => weakensSecurity(kind) || (isUnknown && kind === UNKNOWN)),
  );
  if (kinds.size === 0) return [];
  const gate = 'security-weakened';
  const found = [...kinds].join(', ');
  const { weakened } = after;
  // The text of an earlier change says nothing about this one. It speaks for all that is found: whoever reviews must see what.
  // What accepts that a connector goes live like this may have been written while it was a test.
  const known = reasons ?? [before?.weakened];
  const isNew =
    brokenBefore === null
      ? known.every((text) => isNewReason(text, weakened))
      : isNewReasonIn(brokenBefore.text, weakened);
  if (isNew)
    return [{ gate, result: 'acknowledged', message: `${found}: accepted in the file: "${weakened}"` }];
  const old = weakened === undefined ? '' : ' (the text that stands there is from an earlier change)';
  const how = `say why it is acceptable with \`security.weakened: "<why>"\`${old}`;
  if (isUnknown) {
    const message = `${found}: the old side does not compile, so that nobody can compare: fix the base first, or ${how}`;
    return [{ gate, result: 'fail', message }];
  }
  if (before?.status !== 'live' && after.status !== 'live') {
    const message = `${found}: no harm to real users while it is ${after.status}, but it would go live like this`;
    return [{ gate, result: 'warn', message }];
  }
  return [{ gate, result: 'fail', message: `${found}: restore it, or ${how}` }];
}

const UNKNOWN: ChangeKind = 'connector-unknown-before';

function checkEdit({ before, after, changes }: ConnectorDiff): readonly Verdict[] {
  if (before?.status !== 'live' || after?.status !== 'live') return [];
  if (!changes.some(({ kind, severity }) => kind === 'behaviour-changed' && severity !== 'safe')) return [];
  return [
    { gate: 'live-edited', result: 'warn', message: `a live connector's behaviour changes; ${TWO_WAYS}` },
  ];
}
