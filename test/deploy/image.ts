/**
 * What the Dockerfile builds, without Docker: each stage is a folder, in which its instructions are carried out, on the
 * Node of this tree instead of the base image's. Left out is what only a base image can show: packages of the system, users.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  type Copy,
  DockerfileParser,
  type From,
  type Instruction,
  type JSONInstruction,
} from 'dockerfile-ast';

const root = join(import.meta.dirname, '../..');

export interface Image {
  /** The root of its file system. */
  readonly folder: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number };
  /** Entry point and command. */
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  /** What needs the base image. */
  readonly notRun: readonly string[];
  remove(): void;
}

export function buildImage(): Image {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  const instructions = DockerfileParser.parse(
    readFileSync(join(root, 'Dockerfile'), 'utf8'),
  ).getInstructions();
  const stages = new Map<string, string>();
  const notRun: string[] = [];
  let folder = '';
  let workdir = '/';
  let last = new Map<string, Instruction>();
  const inside = (path: string): string => join(folder, path.startsWith('/') ? path : join(workdir, path));
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const text = instruction.getArgumentsContent() ?? '';
    last.set(keyword, instruction);
    if (keyword === 'FROM') {
      folder = join(scratch, String(stages.size));
      stages.set((instruction as From).getBuildStage() ?? String(stages.size), folder);
      workdir = '/';
      last = new Map();
    } else if (keyword === 'WORKDIR') workdir = text;
    else if (keyword === 'COPY') {
      const copy = instruction as Copy;
      const stage = copy.getFromFlag()?.getValue();
      const from = stage === undefined || stage === null ? root : (stages.get(stage) as string);
      const paths = copy.getArguments().map(String);
      const target = paths.pop() as string;
      for (const path of paths) {
        const isIntoFolder = target.endsWith('/') || paths.length > 1;
        const to = inside(isIntoFolder ? join(target, path.split('/').at(-1) ?? '') : target);
        mkdirSync(dirname(to), { recursive: true });
        // Moved out of a stage: nothing looks at it afterwards, and packages are many files.
        if (from === root) cpSync(join(from, path), to, { recursive: true });
        else renameSync(join(from, path), to);
      }
    } else if (keyword === 'RUN') {
      if (text === 'npm ci') symlinkSync(join(root, 'node_modules'), inside('node_modules'));
      else if (text.startsWith('npm ')) runNpm(text, inside('.'));
      else notRun.push(text);
    }
  }
  const [uid = 0, gid = 0] = (last.get('USER')?.getArgumentsContent() ?? '').split(':').map(Number);
  return {
    folder,
    workdir,
    env: readEnv(instructions.slice(instructions.indexOf(last.get('WORKDIR') as Instruction))),
    user: { uid, gid },
    command: [...jsonOf(last.get('ENTRYPOINT')), ...jsonOf(last.get('CMD'))],
    healthcheck: JSON.parse(
      /CMD (\[[\s\S]*\])$/.exec(last.get('HEALTHCHECK')?.getArgumentsContent() ?? '')?.[1] ?? '[]',
    ),
    notRun,
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** As the base image would, whose Node is first on its PATH. What was fetched before is not fetched again. */
function runNpm(command: string, cwd: string): void {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_prefer_offline: 'true', npm_config_audit: 'false' };
  execFileSync('bash', ['-euo', 'pipefail', '-c', command], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function jsonOf(instruction: Instruction | undefined): string[] {
  return ((instruction as JSONInstruction | undefined)?.getJSONStrings() ?? []).map((one) =>
    one.getJSONValue(),
  );
}

function readEnv(instructions: readonly Instruction[]): Record<string, string> {
  const text = instructions.map((one) => `${one.getKeyword()} ${one.getArgumentsContent()}`).join('\n');
  const properties = DockerfileParser.parse(`FROM scratch\n${text}`)
    .getENVs()
    .flatMap((one) => one.getProperties());
  return Object.fromEntries(properties.map((one) => [one.getName(), one.getValue() ?? '']));
}
