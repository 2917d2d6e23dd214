// Every event that comes with Sluice: its connector is checked and its cases run, and its payloads are what its provider says.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventsOf, mayBeMissing } from '../../src/providers/missing-table.ts';
import { providersFolder, readEvents, readMissingTable } from '../../src/providers/read-provider.ts';
import { formatName } from '../../src/stages/json/json-path-grammar.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { samplesOfEvent } from '../../src/workbench/new/preset-events.ts';
import { Scratch } from '../cli/new/workspace.ts';

const ALL = readdirSync(providersFolder()).flatMap((preset) =>
  readEvents(preset).map((event) => ({ preset, ...event })),
);

test('fifteen providers and more, two samples of each event, with what they were taken from', () => {
  expect(new Set(ALL.map(({ preset }) => preset)).size).toBeGreaterThanOrEqual(15);
  expect(ALL.filter(({ samples }) => samples.length < 2)).toEqual([]);
  expect(ALL.filter(({ evidence }) => !/; (values are made up|.* replaced)$/.test(evidence))).toEqual([]);
});

describe.each(ALL)('$preset $event', ({ preset, event, recipient }) => {
  test('makes a connector that check finds nothing wrong with, and whose cases pass', async () => {
    const scratch = new Scratch();
    const args = ['--preset', preset, '--event', event, '--action-flow', 'F1', '--yes'];
    expect(await scratch.sluice(['new', 'one', ...args])).toMatchObject({ code: 0, err: '' });
    const check = await scratch.sluice(['check', '--json']);
    expect(JSON.parse(check.out).diagnostics).toEqual([]);
    const run = await scratch.sluice(['test', '--json']);
    const { cases } = JSON.parse(run.out) as { cases: { ok: boolean; outcome: string }[] };
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
    if (recipient !== undefined) {
      const text = scratch.read('connectors/one/connector.yaml');
      expect(text).toMatch(new RegExp(`targetUserIds: .*${recipient.replace(/[$.[\]*]/g, '\\$&')}`));
    }
  });

  test('has null only where its provider says so, and differs between its samples', () => {
    const { samples } = samplesOfEvent(preset, event)!;
    const table = readMissingTable(preset);
    const [one, two] = samples.map(({ body }) => JSON.stringify(body));
    expect(one).not.toBe(two);
    if (table === null || BY_OTHERS.includes(preset)) return;
    for (const { body, headers } of samples) {
      const named = eventsOf(table, { body, header: (name) => headers.all(name) });
      expect(named.length).toBeGreaterThan(0);
      const wrong = nullsOf(body, '$').filter(
        (path) => isKnown(path) && !named.some((name) => mayBeMissing(table, name, path) !== null),
      );
      expect(wrong).toEqual([]);
    }
    function isKnown(path: string): boolean {
      return !UNDESCRIBED.some((one) => path.startsWith(one));
    }
  });
});

/** Members that the documentation has, and the package of types does not. */
const UNDESCRIBED = ['$.authorizations'];
/** Types by others than the provider, which say nothing of null. */
const BY_OTHERS = ['gitlab', 'gitlab-token'];

function nullsOf(value: JsonValue, path: string): readonly string[] {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((one) => nullsOf(one as JsonValue, `${path}[*]`));
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, one]) =>
    nullsOf(one as JsonValue, `${path}${formatName(name)}`),
  );
}
