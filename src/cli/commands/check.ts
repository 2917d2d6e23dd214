import { checkTargets } from '../../workbench/compile/check-targets.ts';
import { errorsOf } from '../../workbench/compile/compile-folder.ts';
import { fixFiles, summariseFixes } from '../../workbench/fix/fix-files.ts';
import { compileFolder, withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, printError, usage } from '../context.ts';
import type { ReportFormat } from '../defaults.ts';
import { report } from '../report.ts';
import { readTargetNames } from '../targets-file.ts';

/** `sluice check [dir]`: every problem in one run; with `fix`, of what remains. Exit 0 without errors, 1 with. */
export function check(
  context: Context,
  folder: string,
  options: { format: ReportFormat; cache?: boolean; fix?: boolean; targets?: string },
): Promise<ExitCode> {
  const targets = options.targets === undefined ? null : readTargetNames(context, options.targets);
  if (targets?.ok === false) return Promise.resolve(usage(context, targets.problems.join('\n')));
  const compiling = { cache: options.cache, quiet: options.format !== 'pretty' };
  return withCompilation(
    context,
    folder,
    async (found, scripts) => {
      const fixed = options.fix === true ? await fixFiles(context, folder, found, scripts) : null;
      for (const line of fixed?.lines ?? []) printError(context, line);
      const hasChanged = fixed !== null && fixed.files > 0;
      const compiled = hasChanged ? await compileFolder(context, folder, scripts, compiling) : found;
      const compilation = targets === null ? compiled : checkTargets(compiled, targets.names);
      const errors = errorsOf(compilation);
      if (fixed !== null) printError(context, summariseFixes(fixed, errors));
      report(context, compilation, options.format);
      if (options.format === 'pretty' && compilation.diagnostics.length === 0) {
        const { length } = compilation.connectors;
        printError(context, `no problems in ${length} connector${length === 1 ? '' : 's'}`);
      }
      return errors === 0 ? EXIT.clean : EXIT.problems;
    },
    compiling,
  );
}
