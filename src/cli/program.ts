/** The command line: the program, its three groups of commands, and exit codes. Comes in argv, goes out an exit code. */
import { Command, CommanderError } from 'commander';
import { toolVersion } from '../bundle/tool-version.ts';
import { type Context, EXIT, type ExitCode, printError } from './context.ts';
import { declareAuthoring } from './program/authoring.ts';
import { declareOperating } from './program/operating.ts';
import { declareServing } from './program/serving.ts';

/** Runs one command. Never rejects: what is not expected becomes exit code 3 with a stack for a bug report. */
export async function runProgram(argv: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = EXIT.clean;
  const program = declare(context, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    printError(
      context,
      `internal error, please report it: ${error instanceof Error ? error.stack : String(error)}`,
    );
    return EXIT.internal;
  }
}

function declare(context: Context, done: (code: ExitCode) => void): Command {
  const program = new Command('sluice');
  program
    .description(
      'Connector triggers as code: webhook connectors in YAML, compiled into one bundle, served by a stateless runtime.',
    )
    .version(toolVersion())
    .exitOverride()
    .showHelpAfterError('(--help says what there is)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });

  for (const group of [declareAuthoring, declareServing, declareOperating]) group(program, context, done);
  return program;
}
