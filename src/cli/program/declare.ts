/** What the three groups of commands share: how a command is declared, and the options that several have. */
import { type Command, Option } from 'commander';
import { DEFAULT_ADMIN } from '../admin-address.ts';
import type { Context, ExitCode } from '../context.ts';
import { DEFAULT_FOLDER } from '../defaults.ts';
import { DEFAULT_STATE } from '../runtime-options.ts';

/** Adds a group's commands to the program. Each action hands its exit code to `done`. */
export type DeclareCommands = (program: Command, context: Context, done: (code: ExitCode) => void) => void;

export function command(parent: Command, nameAndArguments: string, description: string): Command {
  return parent.command(nameAndArguments).description(description);
}

export function json(): Option {
  return new Option('--json', 'machine-readable output on standard output');
}

export function noCache(): Option {
  return new Option('--no-cache', 'compile everything anew');
}

/** Of what is to be deployed. */
export function targets(): Option {
  return new Option(
    '--targets <names>',
    "targets that connectors may name, with commas between, or the deployment's targets.yaml",
  );
}

export function keep(): Option {
  return new Option('--keep <path...>', 'leave the values at these paths as they are');
}

/** The answer to what `learn` and `capture` ask before they write. */
export function yesToKeys(): Option {
  return new Option('--yes', 'write it although keys that look like personal data stay');
}

/** Where the files of a connector are, for commands about one. */
export function folder(one: Command): Command {
  return one.addOption(new Option('--dir <dir>', 'connectors folder').default(DEFAULT_FOLDER));
}

/** The same, for commands about all connectors. */
export function inFolder(one: Command): Command {
  return one.argument('[dir]', 'connectors folder', DEFAULT_FOLDER);
}

/** How a running runtime is reached. */
export function admin(one: Command): Command {
  return one
    .addOption(
      new Option(
        '--admin <url>',
        `admin address of the runtime (default: what it left in its state folder, or ${DEFAULT_ADMIN})`,
      ).env('SLUICE_ADMIN_URL'),
    )
    .addOption(
      new Option('--state <dir>', 'state folder of the runtime').env('SLUICE_STATE').default(DEFAULT_STATE),
    )
    .addOption(json());
}

export function by(one: Command): Command {
  return one.option('--by <name>', 'who does this, for the record (default: your user name)');
}

/** Of an option that may be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
