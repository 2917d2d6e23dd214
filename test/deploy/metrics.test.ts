// Every metric, label and code that the alerts and the dashboard ask for is there in a scrape of a real runtime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { codesOf, findCode, rejectionOf } from '../../src/outcomes/codes.ts';
import { readQuery } from './promql.ts';
import { type Scrape, scrapeEventfulRuntime } from './scrape.ts';

const docs = join(import.meta.dirname, '../../docs');
const { groups } = parse(readFileSync(join(docs, 'deploy/prometheus/sluice.rules.yaml'), 'utf8'));
const rules: readonly { alert: string; expr: string; annotations: Record<string, string> }[] =
  groups[0].rules;
const dashboard = JSON.parse(readFileSync(join(docs, 'deploy/grafana/sluice.json'), 'utf8'));

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}
const panels: readonly Panel[] = dashboard.panels;

/** What Prometheus adds, and its own metric about a scrape. */
const ADDED = ['job', 'instance'];
const OWN = ['up'];

const expressions: readonly (readonly [string, string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

let scrape: Scrape;
beforeAll(async () => {
  scrape = await scrapeEventfulRuntime();
}, 60_000);

test.each(expressions)('%s: %s', (_, written) => {
  const expression = written.replaceAll('$__rate_interval', '5m');
  const { selectors, grouping } = readQuery(expression);
  expect(selectors).not.toEqual([]);
  const labelsOfAll = new Set([...ADDED, 'le']);
  for (const { metric, matchers } of selectors) {
    if (OWN.includes(metric)) continue;
    const labels = scrape.get(metric);
    expect(labels, metric).toBeDefined();
    for (const label of labels?.keys() ?? []) labelsOfAll.add(label);
    for (const { label, values } of matchers) {
      if (ADDED.includes(label)) continue;
      expect([...(labels?.keys() ?? [])], `${metric}: ${label}`).toContain(label);
      for (const value of values) expect(isKnown(metric, label, value), `${label}="${value}"`).toBe(true);
    }
  }
  for (const label of grouping) expect([...labelsOfAll]).toContain(label);
});

/** Codes of rejections need not all happen here: the table of them is closed. */
function isKnown(metric: string, label: string, value: string): boolean {
  const seen = scrape.get(metric)?.get(label)?.has(value) === true;
  const isRejection =
    metric === 'sluice_requests_total' && label === 'code' && findCode(value)?.outcome === 'rejected';
  const isResult = metric === 'sluice_notifications_total' && ['refused', 'dropped'].includes(value);
  return value === '' || seen || isRejection || isResult;
}

test('what is answered 503 or 500 is watched by some alert', () => {
  const watched = rules.flatMap(({ expr }) =>
    readQuery(expr).selectors.flatMap(({ matchers }) =>
      matchers.filter(({ label }) => label === 'code').flatMap(({ values }) => values),
    ),
  );
  for (const code of codesOf('rejected'))
    if (rejectionOf(code).status >= 500) expect(watched).toContain(code);
});

describe('what to do', () => {
  const page = readFileSync(join(docs, 'deploying.md'), 'utf8');
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);

  test.each(rules.map(({ alert, annotations }) => [alert, annotations.runbook_url]))(
    '%s leads to its paragraph',
    (alert, link) => {
      expect(link).toBe(`docs/deploying.md#${alert.toLowerCase()}`);
      expect(headings).toContain(alert);
    },
  );

  test('no paragraph is about an alert that is gone', () => {
    const known = rules.map(({ alert }) => alert);
    expect(headings.filter((title) => /^Sluice[A-Z]/.test(title))).toEqual(known);
  });
});

test('every alert is seen firing by promtool', () => {
  const { tests } = parse(readFileSync(join(import.meta.dirname, 'alerts.yaml'), 'utf8'));
  const cases: { alertname: string; exp_alerts: unknown[] }[] = tests.flatMap(
    ({ alert_rule_test }: { alert_rule_test: unknown[] }) => alert_rule_test,
  );
  const firing = cases.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname);
  expect([...new Set(firing)].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});

test('panels do not overlap, and each has an id of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { gridPos } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x},${y}`)).toBe(false);
        taken.add(`${x},${y}`);
      }
    }
  }
});
