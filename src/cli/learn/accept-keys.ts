/** Keys that look like data and would go into git: says which, and asks. In: the keys. Out: may it be written? */
import type { Redacted } from '../../workbench/samples/redact/redact-request.ts';
import { type Context, printError } from '../context.ts';
import { printable } from '../show.ts';

const REASONS: Readonly<Record<Redacted['keys'][number]['why'], string>> = {
  file: 'has the form of data; a file of the connector names it, so it stays',
  unsure: 'may be the name of a person as well as a label, so it stays',
};
/** More are counted. */
const MAX_LISTED = 20;

/** `yes`: said before; `prompts`: who can be asked. What is refused is said, with what to do. */
export async function acceptKeys(
  context: Context,
  keys: Redacted['keys'],
  { yes = false, prompts, ways }: { yes?: boolean | undefined; prompts: Context['prompts']; ways: string },
): Promise<boolean> {
  if (keys.length === 0) return true;
  for (const { path, why } of keys.slice(0, MAX_LISTED))
    printError(context, `  key ${printable(path)}: ${REASONS[why]}`);
  if (keys.length > MAX_LISTED) printError(context, `  and ${keys.length - MAX_LISTED} more`);
  if (yes) return true;
  const count = keys.length === 1 ? 'a key that looks' : `${keys.length} keys that look`;
  const message = `the sample would have ${count} like personal data`;
  const answer = await prompts?.select({
    message: `${message}. Write it all the same?`,
    choices: [
      { value: 'no', label: 'no, write nothing' },
      { value: 'yes', label: 'yes, they may be in git' },
    ],
  });
  if (answer === 'yes') return true;
  printError(context, `${message}; nothing is written: ${ways}`);
  return false;
}
