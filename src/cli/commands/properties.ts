import { describeSteps } from '../../workbench/preview/preview-steps.ts';
import { listConnectorProperties } from '../../workbench/preview/properties.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { printable } from '../show.ts';
import { type ConnectorOptions, withConnector } from '../with-connector.ts';

/** `sluice properties <id>`: every property of the samples that a mapping can use, with the path to paste. */
export function properties(context: Context, id: string, options: ConnectorOptions): Promise<ExitCode> {
  return withConnector(context, id, options, (connector) => {
    const listed = listConnectorProperties(connector);
    if (options.json) printJson(context, { properties: listed });
    else if (listed.length === 0) printError(context, `"${id}" has no sample that can be read`);
    else {
      const width = Math.min(60, Math.max(...listed.map(({ path }) => path.length)));
      for (const { path, type, example, optional, mapped = [] } of listed) {
        print(
          context,
          `${printable(path).padEnd(width)}  ${type}${optional ? ', optional' : ''}  ${printable(example)}`,
        );
        for (const { field, steps } of mapped)
          print(context, printable(`${''.padEnd(width)}  ${field}: ${describeSteps(steps)}`));
      }
    }
    return listed.length === 0 ? EXIT.problems : EXIT.clean;
  });
}
