import { errorsOf, withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, printError } from '../context.ts';
import { type ReportFormat, report } from '../report.ts';

/** `sluice check [dir]`: every problem in one run. Exit 0 without errors, 1 with. */
export function check(
  context: Context,
  folder: string,
  options: { format: ReportFormat; cache?: boolean },
): Promise<ExitCode> {
  return withCompilation(
    context,
    folder,
    (compilation) => {
      report(context, compilation, options.format);
      const errors = errorsOf(compilation);
      if (options.format === 'pretty' && compilation.diagnostics.length === 0) {
        printError(context, `no problems in ${compilation.connectors.length} connectors`);
      }
      return errors === 0 ? EXIT.clean : EXIT.problems;
    },
    { cache: options.cache, quiet: options.format !== 'pretty' },
  );
}
