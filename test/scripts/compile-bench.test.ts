import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { generateConnectors } from '../../scripts/bench/compile/generate.ts';
import { compileConnectors } from '../../src/compiler/compile.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';

function generate(count: number, scriptShare?: number): string {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-generated-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  generateConnectors(cwd, count, scriptShare);
  return cwd;
}

test('generated connectors have no problems, and no two are alike', { timeout: 60_000 }, async () => {
  const cwd = generate(20, 0.1);
  const scripts = createScriptHost({ waitMs: 60_000 });
  onTestFinished(() => scripts.close());
  const folder = join(cwd, 'connectors');
  const { diagnostics, connectors } = await compileConnectors({ folder, cwd, scripts });
  expect(diagnostics).toEqual([]);
  const plans = connectors.flatMap(({ plan }) => (plan === null ? [] : [plan]));
  expect(plans).toHaveLength(20);
  expect(plans.filter(({ mapping }) => mapping.kind === 'script')).toHaveLength(2);
  expect(new Set(plans.map(({ shape }) => shape?.fingerprint)).size).toBe(20);
});

test('each has two to four samples of 1 to 4 KB or so, and the same ones in every run', () => {
  const [one, other] = [generate(10), generate(10)];
  const files = readdirSync(one, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(one, file)).isFile(),
  );
  for (const file of files) expect(readFileSync(join(one, file))).toEqual(readFileSync(join(other, file)));
  const sizes = files.filter((file) => file.endsWith('.json')).map((file) => statSync(join(one, file)).size);
  expect(sizes.length).toBeGreaterThanOrEqual(20);
  expect(sizes.length).toBeLessThanOrEqual(40);
  expect(Math.min(...sizes)).toBeGreaterThan(900);
  expect(Math.max(...sizes)).toBeLessThan(5_500);
});
