import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Every broken rule below `baseDir`/src as "rule: from -> to", a package by its name. */
async function findViolations(baseDir: string): Promise<string[]> {
  const { options, ...ruleSet } = await extractDepcruiseConfig(join(root, '.dependency-cruiser.mjs'));
  const { enhancedResolveOptions, ...cruiseOptions } = options ?? {};
  const result = await cruise(
    ['src'],
    { ...cruiseOptions, baseDir, ruleSet, validate: true },
    enhancedResolveOptions,
  );
  const { summary } = result.output as ICruiseResult;
  return summary.violations
    .map(
      ({ rule, from, to }) =>
        `${rule.name}: ${from} -> ${to.replace(/^.*node_modules\/((@[^/]+\/)?[^/]+).*$/, '$1')}`,
    )
    .sort();
}

test('src keeps the import rules', async () => {
  expect(await findViolations(root)).toEqual([]);
});

test('each import rule finds what it forbids, type-only and dynamic imports included', async () => {
  expect(await findViolations(join(root, 'test/fixtures/architecture'))).toMatchInlineSnapshot(`
    [
      "arrow-bundle: src/bundle/bundle.ts -> src/runtime/ingress/ingress.ts",
      "arrow-compiler: src/compiler/parse.ts -> src/runtime/ingress/ingress.ts",
      "arrow-diagnostics: src/diagnostics/diagnostic.ts -> src/stages/stage.ts",
      "arrow-runtime: src/runtime/ingress/ingress.ts -> src/compiler/parse.ts",
      "arrow-stages: src/stages/stage.ts -> src/bundle/bundle.ts",
      "home-of-ajv-formats: src/diagnostics/packages.ts -> ajv-formats",
      "home-of-ajv: src/diagnostics/packages.ts -> ajv",
      "home-of-chokidar: src/diagnostics/packages.ts -> chokidar",
      "home-of-commander: src/diagnostics/packages.ts -> commander",
      "home-of-express: src/diagnostics/packages.ts -> express",
      "home-of-isolated-vm: src/diagnostics/packages.ts -> isolated-vm",
      "home-of-jsonpath-plus: src/diagnostics/packages.ts -> jsonpath-plus",
      "home-of-pino: src/diagnostics/packages.ts -> pino",
      "home-of-prom-client: src/diagnostics/packages.ts -> prom-client",
      "home-of-undici: src/diagnostics/packages.ts -> undici",
      "home-of-yaml: src/diagnostics/packages.ts -> yaml",
      "home-unlisted: src/diagnostics/packages.ts -> @swc/core",
      "home-unlisted: src/diagnostics/packages.ts -> accepts",
      "no-cycles: src/cli/chicken.ts -> src/cli/egg.ts",
      "no-cycles: src/compiler/parse.ts -> src/runtime/ingress/ingress.ts",
      "no-development-packages: src/diagnostics/packages.ts -> @swc/core",
      "no-development-packages: src/diagnostics/packages.ts -> accepts",
      "no-orphans: src/cli/orphan.ts -> src/cli/orphan.ts",
      "no-unresolvable: src/diagnostics/packages.ts -> not-installed",
      "room-log: src/runtime/log/log.ts -> src/runtime/ingress/ingress.ts",
      "room-unlisted: src/cli/main.ts -> src/runtime/stray.ts",
      "src-stands-alone: src/cli/main.ts -> scripts/tool.ts",
      "stages-without-io: src/stages/stage.ts -> fs/promises",
    ]
  `);
});

// The rules above cannot see these: the parser skips types that are written as import('...').
test('src imports types by import declarations only', () => {
  const inlineImport = /(?<!await |=> |return |\{)\bimport\(['"]/;
  const offenders = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.ts') && inlineImport.test(readFileSync(join(root, 'src', file), 'utf8')),
    )
    .map((file) => `src/${file}`);
  expect(offenders).toEqual([]);
});
