/** Results in, Markdown tables out. */
import { type Counts, POLICIES, TARGETS } from './measure.ts';
import type { Missing, MissingResults } from './missing.ts';
import { MUTATIONS } from './mutate.ts';
import type { ChangedTable, GenuineTable, Results } from './run.ts';

export function formatResults({ genuine, changed, missing, goals }: Results): string {
  return [
    '### Genuine payloads that are stopped',
    ...genuine.map(formatGenuine),
    '### Fields that the next payload lacks',
    formatMissing(missing),
    '### Changed payloads that are stopped',
    ...changed.map(formatChanged),
    '### Goals',
    goals.map(({ text, isMet }) => `- ${isMet ? 'met' : 'MISSED'}: ${text}`).join('\n'),
  ].join('\n\n');
}

function formatGenuine({ title, rows }: GenuineTable): string {
  const header = [
    'samples',
    'events',
    'judged',
    ...POLICIES.flatMap((policy) => [`${policy}: pause`, `${policy}: hold`]),
  ];
  const lines = rows.map(({ samples, groups, counts }) => [
    samples,
    groups,
    counts.mapped.trials,
    ...POLICIES.flatMap((policy) => [rate(counts[policy], 'paused'), rate(counts[policy], 'held')]),
  ]);
  return `${title}:\n\n${table(header, lines)}`;
}

function formatMissing({ atTheTop, inside, objectMissing, isNull, toldByAnother }: MissingResults): string {
  const missing = atTheTop.missing + inside.missing;
  const percent = (one: Missing): string => `${((100 * one.missing) / one.fields).toFixed(1)} %`;
  return [
    `- fields of a payload: ${atTheTop.fields + inside.fields}; missing or null in another: ${missing}`,
    `- of those at the top ${percent(atTheTop)}, of those inside of objects ${percent(inside)}`,
    `- an object above is missing: ${objectMissing}; null: ${isNull}`,
    `- another object of the first payload could have told: ${toldByAnother}`,
  ].join('\n');
}

function formatChanged({ policy, samples, counts }: ChangedTable): string {
  const lines = TARGETS.map((target) => [
    target,
    ...MUTATIONS.map((mutation) => rate(counts[target][mutation], 'paused', 'held')),
  ]);
  const [least, most] = extremes(
    TARGETS.flatMap((target) => MUTATIONS.map((mutation) => counts[target][mutation].trials)),
  );
  const title = `Policy \`${policy}\`, samples: ${samples} (${least} to ${most} payloads a cell)`;
  return `${title}:\n\n${table(['what is changed', ...MUTATIONS], lines)}`;
}

function extremes(numbers: readonly number[]): readonly [number, number] {
  return [Math.min(...numbers), Math.max(...numbers)];
}

function rate(counts: Counts, ...parts: readonly ('paused' | 'held')[]): string {
  if (counts.trials === 0) return '-';
  const sum = parts.reduce((total, part) => total + counts[part], 0);
  // 99.97 must not read as 100.
  const share = (100 * sum) / counts.trials;
  return sum === 0 || sum === counts.trials ? `${share} %` : `${Math.min(share, 99.9).toFixed(1)} %`;
}

function table(header: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '---:'));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
