/** The commands that deploy and serve a bundle. */
import { PUBLIC_URL_OPTION, RUNTIME_OPTIONS } from '../runtime-options.ts';
import { command, type DeclareCommands, folder, inFolder, json } from './declare.ts';

export const declareServing: DeclareCommands = (program, context, done) => {
  command(program, 'keys <file>', 'make a key pair for signing bundles: <file>, and <file>.pub for runtimes')
    .addOption(json())
    .action(async (file: string, options) =>
      done(await (await import('../commands/sign.ts')).keys(context, file, options)),
    );
  command(program, 'sign <bundle>', 'sign a bundle')
    .option('--key <file>', 'the signing key (default: SLUICE_SIGNING_KEY)')
    .option(
      '--sequence <number>',
      'give it this sequence first: a higher one makes a rollback of an old bundle',
    )
    .option('--out <file>', 'where to write it (default: in place)')
    .addOption(json())
    .action(async (file: string, options) =>
      done(await (await import('../commands/sign.ts')).sign(context, file, options)),
    );
  folder(
    command(
      program,
      'url [id]',
      'the URL of a connector, or of each, to enter at its sender (SLUICE_URL_KEYS)',
    ),
  )
    .addOption(PUBLIC_URL_OPTION())
    .addOption(json())
    .action(async (id: string | undefined, options) =>
      done(await (await import('../commands/url.ts')).url(context, id, options)),
    );
  const serving = command(program, 'serve', 'serve a bundle: ingress and admin port');
  for (const option of RUNTIME_OPTIONS.serve()) serving.addOption(option);
  serving.action(async (options) =>
    done(await (await import('../commands/serve.ts')).serve(context, options)),
  );
  inFolder(command(program, 'studio', 'open a page on this machine that edits connectors'))
    .option('--port <port>', 'where it listens; 0: one that is free', '8082')
    .action(async (dir: string, options) =>
      done(await (await import('../commands/studio.ts')).studio(context, dir, options)),
    );
  const developing = inFolder(command(program, 'dev', 'compile on every change, and serve'));
  for (const option of RUNTIME_OPTIONS.dev()) developing.addOption(option);
  developing.action(async (dir: string, options) =>
    done(await (await import('../commands/dev.ts')).dev(context, dir, options)),
  );
};
