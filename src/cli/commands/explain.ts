import { didYouMean } from '../../diagnostics/suggest.ts';
import { type Explained, findExplanations, GROUPS, listCodes } from '../../workbench/explain/find.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';

/** `sluice explain <code>`: what a code means, why it matters, how to fix it, and an example. Without a code: all, by group. */
export function explain(context: Context, code: string | undefined, options: { json?: boolean }): ExitCode {
  if (code === undefined) {
    if (options.json) {
      const groups = Object.entries(GROUPS).map(([group, { entries }]) => [group, entries]);
      printJson(context, Object.fromEntries(groups));
    } else print(context, Object.keys(GROUPS).map(listGroup).join('\n\n'));
    return EXIT.clean;
  }
  const found = findExplanations(code);
  if (found.length === 0) {
    const hint = didYouMean(code, listCodes()) || '.';
    printError(context, `"${code}" is not a code${hint} \`sluice explain\` lists them.`);
    return EXIT.usage;
  }
  // The first is what most people ask about; a code of two groups says so.
  if (options.json) {
    const [first, ...others] = found;
    printJson(context, { code, ...first, ...(others.length === 0 ? {} : { others }) });
  } else print(context, found.map((one) => describe(code, one)).join('\n\n'));
  return EXIT.clean;
}

function listGroup(group: string): string {
  const { title, entries } = GROUPS[group as keyof typeof GROUPS];
  const lines = Object.keys(entries).map((code) => {
    const one = findExplanations(code).find((found) => found.group === group) as Explained;
    return `  ${code.padEnd(30)} ${kindOf(one).padEnd(10)} ${titleOf(one)}`;
  });
  return [`${title}:`, ...lines].join('\n');
}

/** What decides whether anything has to be done. */
function kindOf(one: Explained): string {
  if (one.group === 'problems') return one.severity;
  if (one.group === 'outcomes') return one.outcome;
  if (one.group === 'gates') return 'gate';
  return one.weakens === true ? 'weaker' : '';
}

function titleOf(one: Explained): string {
  return one.group === 'outcomes' ? one.meaning : one.title;
}

function describe(code: string, one: Explained): string {
  const kind = one.group === 'changes' ? 'change in a diff' : kindOf(one);
  const head = `${code} (${kind}): ${titleOf(one)}\n`;
  if (one.group === 'changes') return `${head}\n${one.meaning}${one.weakens === true ? WATCHED : ''}`;
  if (one.group === 'gates' || one.group === 'outcomes') return `${head}\nWhat to do: ${one.fix}`;
  const sides = (['wrong', 'right'] as const).flatMap((side) => {
    const text = one[side];
    return text === undefined
      ? []
      : [`${side === 'wrong' ? 'Wrong' : 'Right'}:\n${text.replace(/^(?=.)/gm, '  ')}`];
  });
  return [`${head}\nWhy: ${one.why}\nFix: ${one.fix}`, ...sides].join('\n\n');
}

const WATCHED = '\nThe gate `security-weakened` watches it.';
