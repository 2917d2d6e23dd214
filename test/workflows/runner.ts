// Runs the shell steps of a workflow's job as GitHub would: conditions, outputs, environment files. Steps that use an
// action, and what cannot be done here, are played by the test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface StepResult {
  readonly name: string;
  /** null: not run, as its condition did not hold. */
  readonly code: number | null;
  readonly output: string;
}

export interface RunOptions {
  /** The workspace. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What expressions stand for, by their text between the braces. */
  readonly expressions: Readonly<Record<string, string>>;
  /** Plays a step by its name or its action: true if it did. */
  readonly play: (name: string, step: Step) => boolean;
}

export function runJob(workflow: string, job: string, options: RunOptions): readonly StepResult[] {
  const { jobs } = parse(workflow) as {
    jobs: Record<string, { env?: Record<string, string>; steps: Step[] }>;
  };
  const { steps, env = {} } = jobs[job] ?? { steps: [] };
  const temporary = join(options.cwd, '.runner');
  mkdirSync(temporary, { recursive: true });
  const known: Record<string, string> = { ...options.expressions };
  const resolve = (text: string): string =>
    String(text).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      const value = known[expression];
      if (value === undefined) throw new Error(`nobody said what "${expression}" is`);
      return value;
    });
  let failed = false;
  return steps.map((step, index) => {
    const name = step.name ?? step.uses ?? step.run ?? '';
    if (!holds(step.if, known, failed)) return { name, code: null, output: '' };
    if (options.play(name, step)) {
      known[`steps.${step.id}.outcome`] = 'success';
      return { name, code: 0, output: '' };
    }
    if (step.run === undefined) throw new Error(`nobody plays the step "${name}"`);
    const outputs = join(temporary, `output-${index}`);
    writeFileSync(outputs, '');
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
      {
        cwd: join(options.cwd, step['working-directory'] ?? '.'),
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          CI: 'true',
          RUNNER_TEMP: temporary,
          GITHUB_OUTPUT: outputs,
          GITHUB_STEP_SUMMARY: join(temporary, 'summary.md'),
          ...options.env,
          ...resolveAll({ ...env, ...step.env }, resolve),
        },
      },
    );
    for (const [, key, value] of readFileSync(outputs, 'utf8').matchAll(/^(\w+)=(.*)$/gm))
      known[`steps.${step.id}.outputs.${key}`] = value as string;
    known[`steps.${step.id}.outcome`] = status === 0 ? 'success' : 'failure';
    failed ||= status !== 0;
    return { name, code: status, output: stdout + stderr };
  });
}

function resolveAll(
  env: Readonly<Record<string, string>>,
  resolve: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, resolve(text)]));
}

/** Conditions of the kinds that the workflows have: parts joined by &&, each a comparison or a call. */
function holds(
  condition: string | undefined,
  known: Readonly<Record<string, string>>,
  failed: boolean,
): boolean {
  const text = (condition ?? 'success()').replace(/^\$\{\{|\}\}$/g, '').trim();
  const parts = text.split('&&').map((part) => part.trim());
  const isAnyway = parts.includes('!cancelled()');
  return (isAnyway || !failed) && parts.every((part) => holdsPart(part, known));
}

function holdsPart(part: string, known: Readonly<Record<string, string>>): boolean {
  if (part === '!cancelled()' || part === 'success()') return true;
  const negated = /^!([\w.]+)$/.exec(part);
  if (negated !== null) return known[negated[1] as string] !== 'true';
  const [, left = '', operator, right] = /^([\w.]+) (==|!=) '(.*)'$/.exec(part) ?? [];
  if (operator === undefined) throw new Error(`a condition of another kind: ${part}`);
  return ((known[left] ?? '') === right) === (operator === '==');
}
