// A scratch folder, and the command line in it with what a process would give it: standard input, and a person's answers.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { ExitCode } from '../../../src/cli/context.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { Prompts } from '../../../src/cli/prompts.ts';

export interface Given {
  readonly stdin?: string;
  readonly prompts?: Prompts;
}

export interface Run {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export class Scratch {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-new-test-')));

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, content: unknown): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), typeof content === 'string' ? content : JSON.stringify(content));
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  /** All files, dot files too, by their path. */
  files(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort();
  }

  async sluice(args: readonly string[], { stdin = '', prompts }: Given = {}): Promise<Run> {
    const run = { out: '', err: '' };
    const sink = (name: 'out' | 'err'): Writable =>
      new Writable({
        write(chunk, _encoding, next) {
          run[name] += String(chunk);
          next();
        },
      });
    const code = await runProgram(args, {
      stdout: sink('out'),
      stderr: sink('err'),
      env: {},
      cwd: this.folder,
      stdin: Readable.from([stdin].filter((text) => text !== '').map((text) => Buffer.from(text))),
      ...(prompts === undefined ? {} : { prompts }),
    });
    return { code, ...run };
  }
}

/** Answers in order: a text, a list, null for giving up; `undefined` takes what is offered first, or all of it. */
export function answering(answers: readonly (string | readonly string[] | null | undefined)[]): {
  readonly prompts: Prompts;
  /** Every question, with its choices. */
  readonly asked: string[];
} {
  const left = [...answers];
  const asked: string[] = [];
  const next = <T>(message: string, offered: T): T | null => {
    asked.push(message);
    if (left.length === 0) throw new Error(`no answer for: ${message}`);
    const answer = left.shift();
    return answer === undefined ? offered : (answer as T | null);
  };
  return {
    asked,
    prompts: {
      text: async ({ message, initial = '', check }) => {
        let answer = next(message, initial);
        // As on a terminal: an answer that will not do is asked for again.
        while (answer !== null && typeof check?.(answer) === 'string') answer = next(message, initial);
        return answer;
      },
      select: async ({ message, choices }) => next(message, choices[0]?.value ?? ''),
      selectMany: async ({ message, initial }) => next(message, initial),
    },
  };
}
