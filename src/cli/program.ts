/** The command line: names, arguments, options and help of every command. Comes in argv, goes out an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { toolVersion } from '../bundle/tool-version.ts';
import { build } from './commands/build.ts';
import { capture } from './commands/capture.ts';
import { check } from './commands/check.ts';
import { dev } from './commands/dev.ts';
import { drift } from './commands/drift.ts';
import { explain } from './commands/explain.ts';
import { heldDiscard, heldList, heldReplay, heldShow } from './commands/held.ts';
import { learn } from './commands/learn.ts';
import { newScript } from './commands/new-script.ts';
import { pause, resume } from './commands/pause.ts';
import { presets } from './commands/presets.ts';
import { preview } from './commands/preview.ts';
import { properties } from './commands/properties.ts';
import { send } from './commands/send.ts';
import { serve } from './commands/serve.ts';
import { keys, sign } from './commands/sign.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';
import { types } from './commands/types.ts';
import { url } from './commands/url.ts';
import { DEFAULT_FOLDER } from './compile-folder.ts';
import { type Context, EXIT, type ExitCode, printError } from './context.ts';
import { REPORT_FORMATS } from './report.ts';
import { PUBLIC_URL_OPTION, RUNTIME_OPTIONS } from './runtime-options.ts';
import { SCRIPT_PRESETS } from './script-presets.ts';

/** Runs one command. Never rejects: what is not expected becomes exit code 3 with a stack for a bug report. */
export async function runProgram(argv: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = EXIT.clean;
  const program = describe(context, (result) => {
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

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function describe(context: Context, done: (code: ExitCode) => void): Command {
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

  const command = (nameAndArguments: string, description: string, parent: Command = program): Command =>
    parent.command(nameAndArguments).description(description);
  const dir = '[dir]';
  const json = (): Option => new Option('--json', 'machine-readable output on standard output');
  const noCache = (): Option => new Option('--no-cache', 'compile everything anew');
  const admin = (one: Command): Command =>
    one
      .addOption(
        new Option('--admin <url>', 'admin address of the runtime')
          .env('SLUICE_ADMIN_URL')
          .default('http://127.0.0.1:8081'),
      )
      .addOption(
        new Option('--state <dir>', 'state folder of the runtime')
          .env('SLUICE_STATE')
          .default('.sluice/state'),
      )
      .addOption(json());
  const folder = (one: Command): Command =>
    one.addOption(new Option('--dir <dir>', 'connectors folder').default(DEFAULT_FOLDER));
  const keep = (): Option => new Option('--keep <path...>', 'leave the values at these paths as they are');
  const by = (one: Command): Command =>
    one.option('--by <name>', 'who does this, for the record (default: your user name)');

  command(`check ${dir}`, 'check connector files: every problem in one run')
    .addOption(
      new Option('--format <format>', 'how to report').choices([...REPORT_FORMATS]).default('pretty'),
    )
    .addOption(json())
    .addOption(noCache())
    .action(async (folderArgument: string | undefined, options) =>
      done(
        await check(context, folderArgument ?? DEFAULT_FOLDER, {
          ...options,
          format: options.json ? 'json' : options.format,
        }),
      ),
    );
  command(`build ${dir}`, 'check, and write the bundle')
    .option('--out <file>', 'where to write the bundle', 'dist/bundle.json')
    .option('--sign [key]', 'sign it with the key in this file, or in SLUICE_SIGNING_KEY')
    .option('--revision <text>', 'what the bundle is built from (default: the commit)')
    .option(
      '--sequence <number>',
      'grows from build to build (default: SOURCE_DATE_EPOCH, or the commit time)',
    )
    .addOption(json())
    .addOption(noCache())
    .action(async (folderArgument: string | undefined, options) =>
      done(await build(context, folderArgument ?? DEFAULT_FOLDER, options)),
    );
  command('keys <file>', 'make a key pair for signing bundles: <file>, and <file>.pub for runtimes')
    .addOption(json())
    .action(async (file: string, options) => done(await keys(context, file, options)));
  command('sign <bundle>', 'sign a bundle')
    .option('--key <file>', 'the signing key (default: SLUICE_SIGNING_KEY)')
    .option(
      '--sequence <number>',
      'give it this sequence first: a higher one makes a rollback of an old bundle',
    )
    .option('--out <file>', 'where to write it (default: in place)')
    .addOption(json())
    .action(async (file: string, options) => done(await sign(context, file, options)));
  command(`test ${dir}`, 'run the recorded cases of every connector')
    .option('--connector <id>', 'only this connector')
    .addOption(json())
    .action(async (folderArgument: string | undefined, options) =>
      done(await test(context, folderArgument ?? DEFAULT_FOLDER, options)),
    );
  folder(command('preview <id>', 'show what the mapping makes of each sample, with its errors'))
    .option('--no-body', 'leave the samples themselves out')
    .addOption(json())
    .action(async (id: string, options) => done(await preview(context, id, options)));
  folder(command('properties <id>', 'list the properties of the samples that can be mapped'))
    .addOption(json())
    .action(async (id: string, options) => done(await properties(context, id, options)));
  folder(
    command(
      'drift <id> <payloads>',
      'what would become of past payloads: a folder, or a file with one a line',
    ),
  )
    .addOption(json())
    .action(async (id: string, payloads: string, options) =>
      done(await drift(context, id, payloads, options)),
    );
  folder(command('url <id>', 'the URL of a connector, to enter at its sender; needs SLUICE_URL_KEYS'))
    .addOption(PUBLIC_URL_OPTION())
    .addOption(json())
    .action(async (id: string, options) => done(await url(context, id, options)));
  folder(command('new <id>', 'write a mapping script and its types for a connector'))
    .addOption(
      new Option(
        '--script <preset>',
        `the script to start from: ${Object.keys(SCRIPT_PRESETS).join(', ')}`,
      ).makeOptionMandatory(),
    )
    .addOption(json())
    .action(async (id: string, options) => done(await newScript(context, id, options)));
  folder(
    command('types [id]', 'write types beside mapping scripts, from the samples, for editors to check them'),
  )
    .option('--check', 'write nothing; exit 1 when a file is out of date')
    .addOption(json())
    .action(async (id: string | undefined, options) => done(await types(context, id, options)));
  command('explain [code]', 'what a code means, and how to fix it')
    .addOption(json())
    .action((code: string | undefined, options) => done(explain(context, code, options)));
  command('presets [name]', 'the providers whose signature scheme is known: what each proves, and what not')
    .addOption(json())
    .action((name: string | undefined, options) => done(presets(context, name, options)));

  const serving = command('serve', 'serve a bundle: ingress and admin port');
  for (const option of RUNTIME_OPTIONS.serve()) serving.addOption(option);
  serving.action(async (options) => done(await serve(context, options)));
  const developing = command(`dev ${dir}`, 'compile on every change, and serve');
  for (const option of RUNTIME_OPTIONS.dev()) developing.addOption(option);
  developing.action(async (folderArgument: string | undefined, options) =>
    done(await dev(context, folderArgument ?? DEFAULT_FOLDER, options)),
  );

  admin(folder(command('send <id>', 'send a test card from a sample')))
    .option('--sample <name>', 'which sample (default: the first)')
    .option('--to <user>', 'send the card to this user, yourself for example')
    .option(
      '--url <origin>',
      'send a real signed request to this origin instead, such as http://127.0.0.1:8080',
    )
    .option('--yes-live', 'allow --url to make a live card')
    .option(
      '--set <path=json>',
      `change the sample first, such as '$.customer.id="user_1"'; may be repeated`,
      collect,
      [],
    )
    .option('--remove <path>', 'take something out of the sample first; may be repeated', collect, [])
    .action(async (id: string, options) => done(await send(context, id, options)));
  admin(folder(command('capture <id>', 'get a new sample: wait for the next request to the connector')))
    .option('--seconds <n>', 'how long to wait', '300')
    .option('--write <name>', 'write it to samples/<name>.json of the connector, its values replaced')
    .addOption(keep())
    .option('--raw', 'with --write: keep all values and headers')
    .action(async (id: string, options) => done(await capture(context, id, options)));
  admin(command('status [id]', 'what serves, what is paused and why, what is held'))
    .option('--drift', 'also what has drifted from the samples')
    .action(async (id: string | undefined, options) => done(await status(context, id, options)));
  by(admin(command('pause <id>', 'hold all requests of a connector')))
    .option('--reason <text>', 'why, for the record')
    .action(async (id: string, options) => done(await pause(context, id, options)));
  by(admin(command('resume [id]', 'end the pause of a connector')))
    .option('--all', 'end every pause, also after the overlay file was unreadable')
    .action(async (id: string | undefined, options) => done(await resume(context, id, options)));

  const held = command('held', 'requests that were kept and not delivered');
  const choosing = (one: Command): Command => admin(one).option('--connector <id>', 'of this connector');
  choosing(command('list', 'list them, oldest first', held))
    .option('--code <code>', 'held for this reason')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (options) => done(await heldList(context, options)));
  admin(command('show <hold>', 'show one: why, what differed, and the request', held)).action(
    async (hold: string, options) => done(await heldShow(context, hold, options)),
  );
  by(choosing(command('replay [holds...]', 'send them through the active connectors again', held)))
    .option('--dry-run', 'only say what would happen')
    .action(async (holds: string[], options) => done(await heldReplay(context, holds, options)));
  by(choosing(command('discard [holds...]', 'drop them for good', held)))
    .option('--verified-by <secret>', 'those that this secret verified, such as env:SLUICE_SECRET_STRIPE')
    .action(async (holds: string[], options) => done(await heldDiscard(context, holds, options)));
  admin(folder(command('learn <hold>', 'add a held request to the samples, its values replaced')))
    .option('--name <name>', 'write it to samples/<name>.json (default: held-<end of its id>)')
    .addOption(keep())
    .option('--dry-run', 'only show what would be written and accepted')
    .action(async (hold: string, options) => done(await learn(context, hold, options)));
  return program;
}
