// Every task of the cookbook in docs/connector.md compiles without an error, and makes what the page says of its request.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TASKS } from '../../scripts/docs/cookbook.ts';
import { sampleInput } from '../../src/compiler/sample-input.ts';
import { materialiseEvaluator } from '../../src/stages/evaluate.ts';
import { makeFolder, noScripts } from './folder.ts';

test.each(TASKS.map((task) => [task.title, task] as const))(
  '%s',
  async (_, { yaml, sample, triggers, beside }) => {
    const folder = makeFolder({
      'task/connector.yaml': `apiVersion: sluice/v1\nid: task\nactionFlow: Flow1\nsamples: [one.json]\n${yaml}`,
      ...(beside && {
        [`${beside.id}.yaml`]: `apiVersion: sluice/v1\nid: ${beside.id}\n${beside.yaml}`,
      }),
      'task/one.json': JSON.stringify(sample),
    });
    const { connectors, diagnostics } = await folder.compile();
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual(
      [],
    );
    const connector = connectors.find(({ id }) => id === 'task');
    const plan = connector?.plan;
    const [one] = connector?.samples ?? [];
    if (plan == null || one === undefined) throw new Error('the task did not compile');
    const evaluation = await materialiseEvaluator(plan).evaluate(sampleInput(one, plan), 'test', noScripts);
    if (evaluation.kind !== 'judged') throw new Error(JSON.stringify(evaluation));
    const made = evaluation.elements.flatMap((result) => (result.kind === 'mapped' ? [result.trigger] : []));
    expect(evaluation.elements.filter(({ kind }) => kind === 'held')).toEqual([]);
    expect(made).toMatchObject(triggers);
    expect(made).toHaveLength(triggers.length);
  },
);

test('the page is what the schema and the cookbook make', { timeout: 180_000 }, () => {
  const root = join(import.meta.dirname, '../..');
  execFileSync(process.execPath, ['scripts/connector-doc.ts', '--check'], { cwd: root, stdio: 'pipe' });
});
