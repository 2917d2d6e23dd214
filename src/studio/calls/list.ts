/** The call `list`: every connector of the folder, what is wrong with it, and what the runtime says about it. */
import { withoutSilenced } from '../../diagnostics/diagnostic.ts';
import type { Listing } from '../api.ts';
import { pageProblem } from '../page-problem.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered } from './answer.ts';

export async function list(workspace: Workspace): Promise<Answer<Listing>> {
  const { connectors, diagnostics } = await workspace.compilation();
  const status = await workspace.control?.status();
  const reports = new Map(status?.connectors.map((one) => [one.id, one]));
  const byFile = Map.groupBy(withoutSilenced(diagnostics), ({ span }) => span.file);
  const own = new Set<string>();
  const listed = connectors.map((connector) => {
    const folder = `${connector.file.slice(0, connector.file.lastIndexOf('/') + 1)}`;
    const isFlat = !connector.file.endsWith('/connector.yaml');
    const name = connector.file.slice(isFlat ? folder.length : 0).replace(/\.yaml$/, '');
    const nameOf = isFlat ? name : (folder.split('/').at(-2) ?? '');
    const inside = isFlat ? `${folder}${nameOf}/` : folder;
    let [errors, warnings] = [0, 0];
    for (const [file, ofFile] of byFile) {
      if (file !== connector.file && !file.startsWith(inside)) continue;
      own.add(file);
      errors += ofFile.filter(({ severity }) => severity === 'error').length;
      warnings += ofFile.filter(({ severity }) => severity === 'warning').length;
    }
    const { plan } = connector;
    const report = reports.get(connector.id);
    return {
      name: nameOf,
      description: plan?.description ?? null,
      status: plan?.status ?? null,
      errors,
      warnings,
      paused: report?.paused?.reason ?? null,
      held: report?.held.total ?? 0,
    };
  });
  const rest = diagnostics.filter(({ span }) => !own.has(span.file));
  return answered({
    folder: workspace.display,
    connectors: listed,
    problems: rest.map((one) => pageProblem(one, null, (display) => display)),
    isServing: workspace.control !== null,
  });
}
