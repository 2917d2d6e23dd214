import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toolVersion } from '../../bundle/tool-version.ts';
import { describeError } from '../../compiler/read-file.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { DEFAULT_FOLDER } from '../defaults.ts';
import { adviseOnPackageJson } from '../init/package-json.ts';
import { putFile } from '../init/put-file.ts';
import { EXAMPLE, PACKAGE_TEMPLATE, readTemplate, TEMPLATES } from '../init/templates.ts';

export interface InitOptions {
  /** Without the example connector. */
  readonly bare?: boolean;
  readonly json?: boolean;
}

/** Lines of .gitignore that matter: the second holds the secrets of trial runs. */
const IGNORED = ['node_modules/', '.sluice/'];

/** `sluice init [dir]`: a repository of connectors of one's own, in an empty folder or beside what is there. */
export async function init(context: Context, dir: string, options: InitOptions): Promise<ExitCode> {
  const folder = resolve(context.cwd, dir);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    printError(context, `${dir} cannot be made a folder: ${describeError(error)}`);
    return EXIT.problems;
  }
  const template = await readTemplate(PACKAGE_TEMPLATE);
  const manifest = (await readIfThere(join(folder, PACKAGE_TEMPLATE))) ?? template;
  const packageAdvice = adviseOnPackageJson(manifest, template, toolVersion());
  const advice = [...packageAdvice.lines, ...(await adviseOn(folder))];
  const hasConnectors = !(await isEmpty(join(folder, DEFAULT_FOLDER)));
  const files = [{ target: PACKAGE_TEMPLATE, text: template }];
  for (const { source, target } of [...TEMPLATES, ...(options.bare || hasConnectors ? [] : EXAMPLE)])
    files.push({ target, text: await readTemplate(source) });

  const wrote: string[] = [];
  const kept: string[] = [];
  const failed: string[] = [];
  for (const { target, text } of files) {
    const put = await putFile(folder, target, text);
    if (put.done === 'failed') failed.push(`${target} ${put.message}`);
    else (put.done === 'wrote' ? wrote : kept).push(target);
  }
  const begin = options.bare || hasConnectors ? 'npx sluice new <id>' : 'npx sluice check && npx sluice test';
  if (options.json) printJson(context, { wrote, kept, failed, advice });
  else {
    for (const file of wrote) print(context, `wrote ${file}`);
    for (const file of kept) print(context, `kept ${file}, which exists`);
    if (hasConnectors && !options.bare) print(context, `kept ${DEFAULT_FOLDER}/, without the example`);
    for (const line of advice) print(context, line);
    const next = packageAdvice.hasSluice ? 'then: npm install &&' : 'once it is installed:';
    print(context, `${next} ${begin}; commit package-lock.json too, as CI installs from it`);
  }
  for (const line of failed) printError(context, line);
  return failed.length === 0 ? EXIT.clean : EXIT.problems;
}

/** What is there and stays as it is may lack something: how to add it. */
async function adviseOn(folder: string): Promise<readonly string[]> {
  const ignored = await readIfThere(join(folder, '.gitignore'));
  const lines = ignored?.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = IGNORED.filter((line) => lines?.includes(line.replace('/', '')) === false);
  const above = repositoryAbove(folder);
  return [
    ...(missing.length === 0 ? [] : [`.gitignore is as it was; add to it: ${missing.join(' and ')}`]),
    ...(above === null
      ? []
      : [
          `GitHub runs workflows only from the top of a repository: move .github to ${above}, and adapt its paths`,
        ]),
  ];
}

/** The repository that the folder is inside of; null where it is the top of one, or in none. */
function repositoryAbove(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return null;
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above))
    if (existsSync(join(above, '.git'))) return above;
  return null;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** Also where there is none. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
