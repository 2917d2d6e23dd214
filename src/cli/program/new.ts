/** The commands that begin something: a repository, a connector, the mapping script of one. */
import { Option } from 'commander';
import { SCRIPT_PRESETS } from '../../workbench/new/script-presets.ts';
import { EXIT, printError } from '../context.ts';
import { admin, collect, command, type DeclareCommands, folder, json, keep } from './declare.ts';

export const declareNew: DeclareCommands = (program, context, done) => {
  command(program, 'init [dir]', 'put a repository of connectors in place; replaces nothing')
    .option('--bare', 'without the example connector')
    .addOption(json())
    .action(async (dir: string | undefined, options) =>
      done(await (await import('../commands/init.ts')).init(context, dir ?? '.', options)),
    );
  const one = command(
    program,
    'new <id>',
    'begin a connector: from a preset, from samples, or as a stub that waits for its first request and is continued by the same command; asks on a terminal',
  )
    .option(
      '--preset <name>',
      'the provider (sluice presets lists them); default: whose signature the sample has',
    )
    .option(
      '--event <name>',
      'an event of the preset, with the samples that come with Sluice (sluice presets <name> lists them)',
    )
    .option('--signature-header <name>', 'another sender that signs the body (HMAC-SHA-256) into this header')
    .option('--url-key', 'a sender that cannot sign: the secret URL is its proof')
    .option(
      '--sample <file>',
      'a request as JSON, the body or {headers, body}; - is standard input; may be repeated',
      collect,
      [],
    )
    .option('--capture <connector>', 'the latest request that a running runtime captured for this connector')
    .option('--action-flow <id>', 'the flow that it starts')
    .option('--target <path>', 'where the user ids are (default: the best proposal, where it is clear)')
    .option('--variable <name=path>', 'what the card says; may be repeated (default: proposals)', collect, [])
    .option(
      '--when <path=value>',
      'which events are for it, by a path or a header; may be repeated (default: proposals)',
      collect,
      [],
    )
    .option('--idempotency <path>', 'what identifies an event: a path, or body')
    .option('--owner <team>', 'who answers for it')
    .option('--description <text>', 'what it is for')
    .addOption(
      new Option('--status <status>', 'how it begins').choices(['test', 'live', 'disabled']).default('test'),
    )
    .addOption(keep())
    .option('--raw', 'keep all values of the samples, which are replaced otherwise')
    .option('--yes', 'take the best proposals, and ask nothing')
    .addOption(
      new Option(
        '--script <preset>',
        `instead: write a mapping script for a connector that exists: ${Object.keys(SCRIPT_PRESETS).join(', ')}`,
      ),
    );
  admin(folder(one)).action(async (id: string, options) => {
    if (options.script === undefined)
      return done(await (await import('../commands/new.ts')).newConnector(context, id, options));
    const other = ['preset', 'event', 'signatureHeader', 'urlKey', 'capture', 'actionFlow', 'target'].find(
      (name) => options[name] !== undefined,
    );
    if (other === undefined && options.sample.length === 0)
      return done(await (await import('../commands/new-script.ts')).newScript(context, id, options));
    printError(context, '--script adds a script to a connector that exists; leave out what begins a new one');
    done(EXIT.usage);
  });
};
