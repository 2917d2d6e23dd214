/** The call `compare`: what a merge of the saved connector would do, against where its branch began. Git is only read. */
import { makeReport } from '../../workbench/diff/report.ts';
import { loadSides } from '../../workbench/diff/sides/load-sides.ts';
import { withScratchFolder } from '../../workbench/files/scratch-folder.ts';
import { resolveCommit } from '../../workbench/git/git-tree.ts';
import { runGit } from '../../workbench/git/run-git.ts';
import type { CompareAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered } from './answer.ts';

/** What pull requests are merged into; the last is what there always is. */
const BASES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'HEAD'];

export async function compare(
  workspace: Workspace,
  { name }: { readonly name: string },
): Promise<Answer<CompareAnswer>> {
  const base = await findBase(workspace);
  if (typeof base === 'string') return answered({ ...NOTHING, problem: base });
  const dir = workspace.display;
  return withScratchFolder('sluice-studio-', async (scratch) => {
    const sources = [
      { kind: 'ref', name: base.name, commit: base.commit },
      { kind: 'tree', name: '.' },
    ] as const;
    const loaded = await loadSides(workspace, sources, { dir, connector: name, scratch }, workspace.scripts);
    if (!loaded.ok) return answered({ ...NOTHING, problem: escapeText(loaded.message) });
    const sides = { ...loaded.value, ids: new Set([name]) };
    const report = await makeReport([base.name, '.'], sides, new Map(), workspace.scripts);
    const [connector] = report.connectors;
    const changes = (connector?.changes ?? []).map(({ severity, message }) => ({
      severity,
      message: escapeText(message),
    }));
    const requests = (connector?.requests ?? []).flatMap((one) => {
      const lines = one.differences.map((difference) => escapeText(describe(difference)));
      const [was, is] = [one.before?.outcome, one.after?.outcome];
      if (lines.length === 0 && was === is) return [];
      const outcome = was === is ? [] : [`${was ?? 'nothing'} → ${is ?? 'nothing'}`];
      return [{ name: escapeText(one.name), lines: [...outcome, ...lines] }];
    });
    const gates = report.gates.map(({ result, message }) => ({ result, message: escapeText(message) }));
    const text = [`**${name}**`, '', ...changes.map(({ severity, message }) => `- ${severity}: ${message}`)];
    return answered({
      base: base.name,
      problem: report.errors.length > 0 ? 'the saved connector has errors' : null,
      changes,
      gates,
      requests,
      text: `${text.join('\n')}\n`,
    });
  });
}

const NOTHING: CompareAnswer = { base: null, problem: null, changes: [], gates: [], requests: [], text: '' };

function describe({
  path,
  before,
  after,
}: {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}): string {
  return `${path}: ${JSON.stringify(before) ?? 'nothing'} → ${JSON.stringify(after) ?? 'nothing'}`;
}

/** The commit where this branch began; a sentence where there is none. */
async function findBase(workspace: Workspace): Promise<{ name: string; commit: string } | string> {
  const place = { cwd: workspace.cwd, env: workspace.env };
  for (const name of BASES) {
    const found = await resolveCommit(place, name);
    if (!found.ok) return escapeText(found.message);
    if (found.value === null) continue;
    const merged = await runGit(place, ['merge-base', found.value, 'HEAD']);
    const commit = merged.ok ? merged.value.output.toString().trim() : '';
    return { name, commit: /^[0-9a-f]{40,64}$/.test(commit) ? commit : found.value };
  }
  return 'this folder has no commit yet: there is nothing to compare with';
}
