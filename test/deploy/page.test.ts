// docs/deploying.md: what it names is there, and what it tells to write is taken. scripts/check-docs.ts runs its commands.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readBlocks } from '../../scripts/docs/read-blocks.ts';
import { SETTINGS } from '../../src/runtime/config/settings.ts';
import { environmentVariable, type Setting } from '../../src/runtime/settings/setting.ts';
import { kustomize } from './kustomize.ts';
import { findTypeErrors, validate } from './models.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'deploying.md'), 'utf8');
const settings = Object.values<Setting>(SETTINGS);

function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-page-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  return scratch;
}

test('it names only settings that there are', () => {
  const variables = [...settings.map(environmentVariable), 'SLUICE_ADMIN_URL', 'SLUICE_SIGNING_KEY'];
  const named = [...page.matchAll(/SLUICE_(?!SECRET_)[A-Z_]+/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(variables).toContain(name);
  const flags = settings.map(({ flag }) => `--${flag}`);
  const given = [...page.matchAll(/ -- serve (--.*)$/gm)].flatMap(
    ([, args = '']) => args.match(/--[a-z-]+/g) ?? [],
  );
  expect(given.length).toBeGreaterThan(5);
  for (const flag of given) expect(flags).toContain(flag);
});

test('its links lead somewhere', () => {
  const slugs = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    if (link.startsWith('#')) expect(slugs).toContain(link.slice(1));
    else expect(existsSync(join(docs, link)), link).toBe(true);
  }
});

test('files that it names are there', () => {
  const named = [...page.matchAll(/(?:docs\/)?(deploy\/[\w./-]+[\w])/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(5);
  for (const path of named) expect(existsSync(join(docs, path)), path).toBe(true);
});

test('the envelope makes a PrometheusRule of the rules', async () => {
  const scratch = makeScratch();
  symlinkSync(docs, join(scratch, 'docs'));
  const block = readBlocks(page).find(({ command }) => command.includes('PrometheusRule'));
  expect(spawnSync('bash', ['-euc', block?.command ?? 'false'], { cwd: scratch }).status).toBe(0);
  const rule = parse(readFileSync(join(scratch, 'prometheus-rule.yaml'), 'utf8'));
  expect(rule.spec).toEqual(parse(readFileSync(join(docs, 'deploy/prometheus/sluice.rules.yaml'), 'utf8')));
  await validate(rule);
  expect(findTypeErrors([rule])).toBe('');
});

test("the kustomization of one's own changes image and settings, and adds the monitor", () => {
  const scratch = makeScratch();
  const [, example = ''] = /```yaml\n(apiVersion: kustomize[\s\S]*?)```/.exec(page) ?? [];
  writeFileSync(join(scratch, 'kustomization.yaml'), example);
  cpSync(join(docs, 'deploy/kubernetes'), join(scratch, 'kubernetes'), { recursive: true });
  const manifests = kustomize(scratch);
  const find = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
  expect(find('StatefulSet')?.spec.template.spec.containers[0].image).toBe(
    'registry.mine.example/sluice:0.1.0',
  );
  expect(find('ConfigMap')?.data).toMatchObject({ SLUICE_TARGET: 'atomic', SLUICE_STATE: '/var/lib/sluice' });
  expect(find('ServiceMonitor')).toBeDefined();
});
