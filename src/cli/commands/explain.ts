import { CODES, type Code } from '../../diagnostics/codes.ts';
import { showSide } from '../../diagnostics/examples/example.ts';
import { EXAMPLES } from '../../diagnostics/examples/examples.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';

/** `sluice explain <code>`: what a code means, why it matters, how to fix it, and an example. Without a code: all of them. */
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
  const example = EXAMPLES[code as Code];
  const sides =
    typeof example === 'string' ? {} : { wrong: showSide(example.wrong), right: showSide(example.right) };
  if (options.json) printJson(context, { code, ...entry, ...sides });
  else {
    const head = `${code} (${entry.severity}): ${entry.title}\n\nWhy: ${entry.why}\nFix: ${entry.fix}`;
    print(context, [head, ...Object.entries(sides).map(showExample)].join('\n\n'));
  }
  return EXIT.clean;
}

function showExample([side, text]: [string, string]): string {
  return `${side === 'wrong' ? 'Wrong' : 'Right'}:\n${text.replace(/^(?=.)/gm, '  ')}`;
}
