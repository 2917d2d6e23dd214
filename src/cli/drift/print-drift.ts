/** What `sluice drift` found, as people read it. */

import type { ConnectorReport } from '../../admin-api/answers.ts';
import type { ProposedChange } from '../../workbench/drift/propose-change.ts';
import type { DifferenceCount, Numbers } from '../../workbench/drift/tally.ts';
import { differenceLines, printable } from '../show.ts';

export interface DriftResult extends Numbers {
  readonly connector: string;
  /** The first of them. */
  readonly unreadable: readonly { readonly name: string; readonly detail: string }[];
  readonly unreadableCount: number;
  readonly differences: readonly DifferenceCount[];
  /** null: nothing to suggest samples for. */
  readonly suggestion: { readonly samples: readonly string[]; readonly after: Numbers } | null;
  /** What a running runtime has noted as drifted. */
  readonly noted: ConnectorReport['drift'];
  /** null: nothing that was tried lets more of them pass. */
  readonly change: ProposedChange | null;
}

export function printDrift(result: DriftResult): string {
  const { unreadable, unreadableCount, differences, suggestion, firstPause, noted, change } = result;
  const lines = [...numberLines(result)];
  if (firstPause !== null) lines.push(`the connector would have paused at ${firstPause}`);
  if (unreadableCount > 0) lines.push(`not readable: ${unreadableCount}`);
  for (const { name, detail } of unreadable) lines.push(`  ${name}: ${detail}`);
  if (differences.length > 0) lines.push('differences from the samples, with the number of payloads:');
  for (const { path, expected, found, held, drifted } of differences) {
    const counts = [held > 0 ? `${held} held` : '', drifted > 0 ? `${drifted} delivered` : ''];
    const text = counts.filter((one) => one !== '').join(', ');
    lines.push(`  ${path}: expected ${expected}, found ${found} (${text})`);
  }
  if (noted !== null) {
    const when = new Date(noted.at).toISOString();
    lines.push(`delivered and noted by the runtime as drifted: ${noted.count}, last ${when}:`);
    lines.push(...differenceLines(noted.differences).map((line) => `  ${line}`));
  }
  if (change !== null) lines.push(...changeLines(change, `sluice drift ${result.connector}`));
  else if (suggestion !== null) lines.push(...suggestionLines(suggestion));
  return printable(lines.join('\n'));
}

function changeLines({ steps, patch, after }: ProposedChange, command: string): readonly string[] {
  return [
    'if these are genuine, this change would let them pass:',
    ...steps.map((step) => `  ${step}`),
    'with it:',
    ...numberLines(after).map((line) => `  ${line}`),
    `as a patch (the same command with --patch prints it alone: ${command} ... --patch | git apply):`,
    patch,
  ];
}

function suggestionLines({ samples, after }: NonNullable<DriftResult['suggestion']>): readonly string[] {
  if (samples.length === 0) {
    return ['no payload here would make a sample that helps: what the mapping requires is missing in them'];
  }
  return [
    'if these are genuine, add them as samples (with invented values in place of personal ones):',
    ...samples.map((name) => `  ${name}`),
    'with them:',
    ...numberLines(after).map((line) => `  ${line}`),
  ];
}

function numberLines({ judged, delivered, drifted, ignored, held, pausing }: Numbers): readonly string[] {
  const byCode = (counts: Readonly<Record<string, number>>): string => {
    const codes = Object.entries(counts);
    const sum = codes.reduce((total, [, number]) => total + number, 0);
    return codes.length === 0
      ? '0'
      : `${sum} (${codes.map(([code, number]) => `${code} ${number}`).join(', ')})`;
  };
  return [
    `judged: ${judged}`,
    `delivered: ${delivered}${drifted > 0 ? `, of which ${drifted} drifted` : ''}`,
    `ignored: ${byCode(ignored)}`,
    `held: ${byCode(held)}${pausing > 0 ? `; each of ${pausing} would pause the connector` : ''}`,
  ];
}
