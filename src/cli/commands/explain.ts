import { CODES, type Code } from '../../diagnostics/codes.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';

/** `sluice explain <code>`: what a code means, why it matters and how to fix it. Without a code: all of them. */
export function explain(context: Context, code: string | undefined, options: { json?: boolean }): ExitCode {
  if (code === undefined) {
    if (options.json) printJson(context, CODES);
    else
      for (const [name, entry] of Object.entries(CODES))
        print(context, `${name.padEnd(30)} ${entry.severity.padEnd(8)} ${entry.title}`);
    return EXIT.clean;
  }
  if (!Object.hasOwn(CODES, code)) {
    const nearest = suggest(code, Object.keys(CODES));
    printError(
      context,
      `"${code}" is not a code${nearest ? `; did you mean "${nearest}"?` : ''}. \`sluice explain\` lists them.`,
    );
    return EXIT.usage;
  }
  const entry = CODES[code as Code];
  if (options.json) printJson(context, { code, ...entry });
  else print(context, `${code} (${entry.severity}): ${entry.title}\n\nWhy: ${entry.why}\nFix: ${entry.fix}`);
  return EXIT.clean;
}
