/** Prints diagnostics in the format that was asked for: what people read to standard error, what machines read to standard output. */

import { toolVersion } from '../bundle/tool-version.ts';
import type { Compilation } from '../compiler/compile.ts';
import { reportGithub } from '../diagnostics/reporters/github.ts';
import { reportJson } from '../diagnostics/reporters/json.ts';
import { reportPretty } from '../diagnostics/reporters/pretty.ts';
import { reportSarif } from '../diagnostics/reporters/sarif.ts';
import { type Context, print, printError, wantsColour } from './context.ts';
import type { ReportFormat } from './defaults.ts';
import { withoutRunnerCommands } from './runner-commands.ts';

export function report(context: Context, compilation: Compilation, format: ReportFormat): void {
  const { diagnostics } = compilation;
  switch (format) {
    case 'json':
      print(context, reportJson(diagnostics));
      return;
    case 'sarif':
      print(context, reportSarif(diagnostics, { toolVersion: toolVersion(), sources: compilation.sources }));
      return;
    case 'github':
      if (diagnostics.length > 0) print(context, reportGithub(diagnostics));
      return;
    case 'pretty':
      if (diagnostics.length > 0) {
        const text = reportPretty(diagnostics, {
          sources: compilation.sources,
          connectors: compilation.connectors.length,
          colour: wantsColour(context, 'stderr'),
        });
        printError(context, withoutRunnerCommands(text));
      }
  }
}
