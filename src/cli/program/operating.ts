/** The commands of those who operate a running runtime. */
import type { Command } from 'commander';
import { DATABASE_OPTION } from '../runtime-options.ts';
import {
  admin,
  by,
  collect,
  command,
  type DeclareCommands,
  folder,
  json,
  keep,
  yesToKeys,
} from './declare.ts';

export const declareOperating: DeclareCommands = (program, context, done) => {
  declareDatabase(program, context, done);
  admin(folder(command(program, 'send <id>', 'send a test card from a sample')))
    .option('--sample <name>', 'which sample, such as paid or samples/paid.json (default: the first)')
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
    .action(async (id: string, options) =>
      done(await (await import('../commands/send.ts')).send(context, id, options)),
    );
  admin(
    folder(command(program, 'capture <id>', 'get a new sample: wait for the next request to the connector')),
  )
    .option('--seconds <n>', 'how long to wait', '300')
    .option('--write <name>', 'write it to samples/<name>.json of the connector, its values replaced')
    .addOption(keep())
    .addOption(yesToKeys())
    .option('--raw', 'with --write: keep all values and headers')
    .action(async (id: string, options) =>
      done(await (await import('../commands/capture.ts')).capture(context, id, options)),
    );
  admin(
    command(program, 'status [id]', 'what needs a person, what serves, what is paused and why, what is held'),
  )
    .option('--problems', 'every problem, in full')
    .option('--all', 'every connector')
    .option('--drift', 'also what has drifted from the samples')
    .action(async (id: string | undefined, options) =>
      done(await (await import('../commands/status.ts')).status(context, id, options)),
    );
  by(admin(command(program, 'pause <id>', 'hold all requests of a connector')))
    .option('--reason <text>', 'why, for the record')
    .action(async (id: string, options) =>
      done(await (await import('../commands/pause.ts')).pause(context, id, options)),
    );
  by(admin(command(program, 'resume [id]', 'end the pause of a connector')))
    .option('--all', 'end every pause, also after the overlay file was unreadable')
    .action(async (id: string | undefined, options) =>
      done(await (await import('../commands/pause.ts')).resume(context, id, options)),
    );

  const held = command(program, 'held', 'requests that were kept and not delivered');
  const choosing = (one: Command): Command => admin(one).option('--connector <id>', 'of this connector');
  choosing(command(held, 'list', 'list them, oldest first'))
    .option('--code <code>', 'held for this reason')
    .option('--by <what>', 'flow: one line for each Action Flow, those with the most first')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (options) => done(await (await import('../commands/held.ts')).heldList(context, options)));
  admin(command(held, 'show <hold>', 'show one: why, what differed, and the request')).action(
    async (hold: string, options) =>
      done(await (await import('../commands/held.ts')).heldShow(context, hold, options)),
  );
  by(choosing(command(held, 'replay [holds...]', 'send them through the active connectors again')))
    .option('--dry-run', 'only say what would happen')
    .option(
      '--each',
      'of several requests of one event send each, not the newest alone: as events of their own',
    )
    .option('--bundle <file>', 'with --dry-run: what would happen if this bundle were served')
    .action(async (holds: string[], options) =>
      done(await (await import('../commands/held-replay.ts')).heldReplay(context, holds, options)),
    );
  by(choosing(command(held, 'discard [holds...]', 'drop them for good')))
    .option('--dry-run', 'only list what would be dropped')
    .option('--verified-by <secret>', 'those that this secret verified, such as env:SLUICE_SECRET_STRIPE')
    .option('--match <path=value>', "those whose body says it, such as '$.customer.id=user_1'")
    .action(async (holds: string[], options) =>
      done(await (await import('../commands/held.ts')).heldDiscard(context, holds, options)),
    );
  admin(folder(command(program, 'learn <hold>', 'add a held request to the samples, its values replaced')))
    .option('--name <name>', 'write it to samples/<name>.json (default: held-<end of its id>)')
    .addOption(keep())
    .addOption(yesToKeys())
    .option('--dry-run', 'only show what would be written and accepted')
    .action(async (hold: string, options) =>
      done(await (await import('../commands/learn.ts')).learn(context, hold, options)),
    );
};

const declareDatabase: DeclareCommands = (program, context, done) => {
  const database = command(program, 'database', 'the PostgreSQL database that several replicas share');
  const about = (name: string, description: string): Command =>
    command(database, name, description).addOption(DATABASE_OPTION()).addOption(json());
  about(
    'migrate',
    'make its tables, or bring them up to date; before replicas of a new version start',
  ).action(async (options) =>
    done(await (await import('../commands/database.ts')).databaseMigrate(context, options)),
  );
  about('status', 'its schema, what a commit waits for, who is connected, what is held').action(
    async (options) => done(await (await import('../commands/database.ts')).databaseStatus(context, options)),
  );
  about('import', 'move what one replica kept in its state folder into it; while that replica is stopped')
    .requiredOption('--state <dir>', 'the state folder')
    .action(async (options) =>
      done(await (await import('../commands/database.ts')).databaseImport(context, options)),
    );
};
