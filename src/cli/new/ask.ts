/** The questions about a new connector whose answers are proposed. Each gives null when the person gives up. */
import { escapeControls } from '../../diagnostics/printable.ts';
import type { Proposals } from '../../workbench/new/propose.ts';
import type { ConditionProposal } from '../../workbench/new/propose-event.ts';
import type { VariableProposal } from '../../workbench/new/propose-variables.ts';
import type { Prompts } from '../prompts.ts';

const ANOTHER = ':another';

/** `otherwise` where nobody is there to be asked. */
export async function ask(
  prompts: Prompts | undefined,
  message: string,
  otherwise: string,
): Promise<string | null> {
  return prompts === undefined ? otherwise : prompts.text({ message });
}

/** A path that `judge` finds nothing wrong with. */
export async function askTarget(
  prompts: Prompts,
  { targets }: Proposals,
  judge: (path: string) => string | null,
): Promise<string | null> {
  const choices = targets.map(({ path, reason }) => ({
    value: path,
    label: escapeControls(path),
    hint: escapeControls(reason),
  }));
  const answer =
    choices.length === 0
      ? ANOTHER
      : await prompts.select({
          message: 'Who gets the card? The path of their user ids',
          choices: [...choices, { value: ANOTHER, label: 'another path' }],
        });
  if (answer !== ANOTHER) return answer;
  return prompts.text({
    message: 'The path of the user ids, such as $.customer.id',
    initial: '$.',
    check: judge,
  });
}

export async function askWhen(
  prompts: Prompts,
  when: readonly ConditionProposal[],
): Promise<readonly ConditionProposal[] | null> {
  const choices = when.map(({ path, header, values, reason }, index) => ({
    value: String(index),
    label: escapeControls(`${path ?? header} is ${values.map(String).join(' or ')}`),
    hint: reason,
  }));
  const message = 'Which events are for this connector? All that is chosen must hold';
  const chosen = await prompts.selectMany({ message, choices, initial: choices.map(({ value }) => value) });
  return chosen === null ? null : when.filter((_, index) => chosen.includes(String(index)));
}

export async function askVariables(
  prompts: Prompts,
  variables: readonly VariableProposal[],
): Promise<readonly VariableProposal[] | null> {
  const choices = variables.map(({ name, path, reason }) => ({
    value: name,
    label: escapeControls(`${name}: ${path}`),
    hint: reason,
  }));
  const message = 'What does the card say?';
  const chosen = await prompts.selectMany({ message, choices, initial: choices.map(({ value }) => value) });
  return chosen === null ? null : variables.filter(({ name }) => chosen.includes(name));
}
