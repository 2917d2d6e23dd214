/** The commands of those who write and review connectors. */
import { Option } from 'commander';
import { LAST } from '../../workbench/drift/limits.ts';
import { DIFF_FORMATS, REPORT_FORMATS, TEST_FORMATS } from '../defaults.ts';
import { admin, command, type DeclareCommands, folder, inFolder, json, noCache, targets } from './declare.ts';
import { declareNew } from './new.ts';

export const declareAuthoring: DeclareCommands = (program, context, done) => {
  inFolder(command(program, 'check', 'check connector files: every problem in one run'))
    .addOption(
      new Option('--format <format>', 'how to report').choices([...REPORT_FORMATS]).default('pretty'),
    )
    .option('--fix', 'make the changes that are safe, and say which')
    .addOption(targets())
    .addOption(json())
    .addOption(noCache())
    .action(async (dir: string, options) =>
      done(
        await (await import('../commands/check.ts')).check(context, dir, {
          ...options,
          format: options.json ? 'json' : options.format,
        }),
      ),
    );
  inFolder(command(program, 'build', 'check, and write the bundle'))
    .option('--out <file>', 'where to write the bundle', 'dist/bundle.json')
    .option('--sign [key]', 'sign it with the key in this file, or in SLUICE_SIGNING_KEY')
    .option('--revision <text>', 'what the bundle is built from (default: the commit)')
    .option(
      '--sequence <number>',
      'grows from build to build (default: SOURCE_DATE_EPOCH, or the commit time)',
    )
    .addOption(targets())
    .addOption(json())
    .addOption(noCache())
    .action(async (dir: string, options) =>
      done(await (await import('../commands/build.ts')).build(context, dir, options)),
    );
  folder(
    command(
      program,
      'diff <old> <new>',
      'what a merge would do: two commits, bundles, or . for the files here',
    ),
  )
    .option('--gate', 'exit 1 where a removal, or weaker security, must not pass')
    .addOption(new Option('--format <format>', 'how to print').choices([...DIFF_FORMATS]).default('pretty'))
    .addOption(json())
    .option('--samples <dir>', 'connectors folder whose samples and cases to run, for bundles')
    .option('--connector <id>', 'only this connector')
    .action(async (old: string, current: string, options) =>
      done(await (await import('../commands/diff.ts')).diff(context, old, current, options)),
    );
  inFolder(command(program, 'test', 'run the recorded cases of every connector'))
    .option('--connector <id>', 'only this connector')
    .addOption(new Option('--format <format>', 'how to report').choices([...TEST_FORMATS]).default('pretty'))
    .addOption(json())
    .option('--coverage', 'also what of each connector no case shows')
    .option('--min-coverage <percent>', 'the same; exit 1 when the cases show less')
    .option('--update', 'write what came out into the failing cases; those that refuse something stay')
    .option('--update-all', 'the same, and those that refuse something too')
    .addOption(
      new Option('--watch', 'run again what changes, until Ctrl-C').conflicts([
        'json',
        'minCoverage',
        'update',
        'updateAll',
      ]),
    )
    .action(async (dir: string, options) =>
      done(
        await (await import('../commands/test.ts')).test(context, dir, {
          ...options,
          format: options.json ? 'json' : options.format,
        }),
      ),
    );
  folder(command(program, 'preview <id>', 'show what the mapping makes of each sample, with its errors'))
    .option('--no-body', 'leave the samples themselves out')
    .addOption(json())
    .action(async (id: string, options) =>
      done(await (await import('../commands/preview.ts')).preview(context, id, options)),
    );
  folder(command(program, 'properties <id>', 'list the properties of the samples that can be mapped'))
    .addOption(json())
    .action(async (id: string, options) =>
      done(await (await import('../commands/properties.ts')).properties(context, id, options)),
    );
  admin(
    folder(
      command(
        program,
        'drift <id> [payloads]',
        'what would become of past payloads (a folder, or a file with one a line) or, without them, of what is held',
      ),
    ),
  )
    .option('--last <n>', 'of what is held, so many of the newest', String(LAST))
    .option('--patch', 'print only the proposed change, as a patch for git apply')
    .action(async (id: string, payloads: string | undefined, options) =>
      done(await (await import('../commands/drift.ts')).drift(context, id, payloads, options)),
    );
  declareNew(program, context, done);
  folder(
    command(
      program,
      'types [id]',
      'write types beside mapping scripts, from the samples, for editors to check them',
    ),
  )
    .option('--check', 'write nothing; exit 1 when a file is out of date')
    .addOption(json())
    .action(async (id: string | undefined, options) =>
      done(await (await import('../commands/types.ts')).types(context, id, options)),
    );
  command(program, 'explain [code]', 'what a code means, and how to fix it')
    .addOption(json())
    .action(async (code: string | undefined, options) =>
      done(await (await import('../commands/explain.ts')).explain(context, code, options)),
    );
  command(
    program,
    'presets [name]',
    'the providers whose signature scheme is known: what each proves, and what not',
  )
    .addOption(json())
    .action(async (name: string | undefined, options) =>
      done(await (await import('../commands/presets.ts')).presets(context, name, options)),
    );
};
