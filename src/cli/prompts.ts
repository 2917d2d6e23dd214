/** How a command asks a person: an interface, so that a test can answer, and the terminal behind it. */
import type { Option } from '@clack/prompts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Every question gives null when the person gives up (Ctrl-C). */
export interface Prompts {
  /** `check` gives what is wrong with an answer, or null. */
  text(question: {
    readonly message: string;
    readonly initial?: string;
    readonly check?: (answer: string) => string | null;
  }): Promise<string | null>;
  select(question: { readonly message: string; readonly choices: readonly Choice[] }): Promise<string | null>;
  /** `initial`: values that are chosen already. */
  selectMany(question: {
    readonly message: string;
    readonly choices: readonly Choice[];
    readonly initial: readonly string[];
  }): Promise<readonly string[] | null>;
}

/** Asks on the terminal; the questions go to standard error, as standard output is for answers. */
export function createTerminalPrompts(streams: {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}): Prompts {
  const options = (choices: readonly Choice[]): Option<string>[] => choices.map((choice) => ({ ...choice }));
  return {
    async text({ message, initial = '', check = () => null }) {
      // Loaded when somebody is asked: every other command starts without it.
      const { isCancel, text } = await import('@clack/prompts');
      const answer = await text({
        ...streams,
        message,
        initialValue: initial,
        validate: (value) => check(value?.trim() ?? '') ?? undefined,
      });
      return isCancel(answer) ? null : (answer ?? '').trim();
    },
    async select({ message, choices }) {
      const { isCancel, select } = await import('@clack/prompts');
      const answer = await select({ ...streams, message, options: options(choices), maxItems: 12 });
      return isCancel(answer) ? null : answer;
    },
    async selectMany({ message, choices, initial }) {
      const { isCancel, multiselect } = await import('@clack/prompts');
      const answer = await multiselect({
        ...streams,
        message,
        options: options(choices),
        initialValues: [...initial],
        required: false,
        maxItems: 12,
      });
      return isCancel(answer) ? null : answer;
    },
  };
}
