import { resolve } from 'node:path';
import { assembleBundle } from '../../bundle/codec.ts';
import { toolVersion } from '../../bundle/tool-version.ts';
import { checkTargets } from '../../workbench/compile/check-targets.ts';
import { bundleLines, errorsOf } from '../../workbench/compile/compile-folder.ts';
import { replaceFile } from '../../workbench/files/replace-file.ts';
import { type HeadCommit, readHeadCommit, readUncommitted } from '../../workbench/git/head-commit.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson, usage } from '../context.ts';
import { report } from '../report.ts';
import { count, printable } from '../show.ts';
import { readTargetNames } from '../targets-file.ts';
import { signWith } from './sign.ts';

export interface BuildOptions {
  readonly out: string;
  readonly revision?: string;
  readonly sequence?: string;
  readonly json?: boolean;
  readonly cache?: boolean;
  /** File of the signing key; true: the key in SLUICE_SIGNING_KEY. */
  readonly sign?: string | true;
  /** Names of the deployment's targets, or its targets file. */
  readonly targets?: string;
}

/** More names than a person reads. */
const MAX_NAMED = 3;

/** `sluice build [dir]`: checks, and writes the bundle. The same connectors give the same bytes. */
export function build(context: Context, folder: string, options: BuildOptions): Promise<ExitCode> {
  const targets = options.targets === undefined ? null : readTargetNames(context, options.targets);
  if (targets?.ok === false) return Promise.resolve(usage(context, targets.problems.join('\n')));
  return withCompilation(
    context,
    folder,
    async (compiled) => {
      const compilation = targets === null ? compiled : checkTargets(compiled, targets.names);
      if (errorsOf(compilation) > 0) {
        report(context, compilation, options.json ? 'json' : 'pretty');
        printError(context, 'nothing was built: fix the errors above');
        return EXIT.problems;
      }
      if (!options.json) report(context, compilation, 'pretty');
      const asked = options.sequence ?? context.env.SOURCE_DATE_EPOCH;
      if (asked !== undefined && readSequence(asked) === undefined) {
        printError(
          context,
          `"${asked}" is not a sequence: give a whole number, such as the commit time in seconds`,
        );
        return EXIT.usage;
      }
      const head = await readHeadCommit(context);
      const sequence = readSequence(asked) ?? head?.time ?? 0;
      const lines = bundleLines(compilation);
      const uncommitted = head === null ? [] : await readUncommitted(context, folder);
      const revision = options.revision ?? describeRevision(head, uncommitted.length > 0);
      if (uncommitted.length > 0) printError(context, describeUncommitted(uncommitted, revision));
      let bytes = assembleBundle(lines, { revision, sequence, tool: `sluice ${toolVersion()}` });
      if (options.sign !== undefined) {
        const signed = await signWith(context, bytes, options.sign === true ? undefined : options.sign);
        if (!signed.ok) {
          printError(context, signed.message);
          return EXIT.usage;
        }
        bytes = signed.bytes;
      }
      const out = resolve(context.cwd, options.out);
      const problem = await replaceFile(out, bytes, options.out);
      if (problem !== null) {
        printError(context, problem);
        return EXIT.usage;
      }
      if (options.json)
        printJson(context, {
          file: out,
          connectors: lines.length,
          revision,
          sequence,
          bytes: bytes.length,
          uncommitted,
        });
      else
        print(
          context,
          `${options.out}: ${count(lines.length, 'connector')}, ${bytes.length} bytes, revision ${revision}, sequence ${sequence}`,
        );
      return EXIT.clean;
    },
    { cache: options.cache, quiet: options.json },
  );
}

function describeRevision(head: HeadCommit | null, isDirty: boolean): string {
  return head === null ? 'unversioned' : `${head.id}${isDirty ? '-dirty' : ''}`;
}

/** Whoever looks for the cause of a wrong card would look at a commit that is not what serves. */
function describeUncommitted(paths: readonly string[], revision: string): string {
  const named = paths.slice(0, MAX_NAMED).map(printable).join(', ');
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  return `warning: ${named}${more} ${paths.length === 1 ? 'is' : 'are'} not as the last commit has ${paths.length === 1 ? 'it' : 'them'}: nobody can find in git what revision ${printable(revision)} serves; commit, and build again`;
}

function readSequence(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
