// The job that may write: what it makes of the text that a pull request's run left behind. `gh` and `unzip` are played.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { Scratch } from '../cli/new/workspace.ts';
import { runJob, type StepResult } from './runner.ts';

const workflow = readFileSync(
  join(import.meta.dirname, '../../src/cli/templates/github/workflows/connectors-comment.yml'),
  'utf8',
);
const SHA = 'a'.repeat(40);

interface Given {
  /** What the artifact holds; null: there is none. */
  readonly diff: string | Buffer | null;
  /** The pull request; '': none is open at this commit. */
  readonly number?: string;
  /** The comment that is there already. */
  readonly comment?: string;
  readonly branch?: string;
}

interface Done {
  readonly results: readonly StepResult[];
  /** Calls of `gh`, each as its arguments. */
  readonly calls: readonly (readonly string[])[];
  /** What was written; null: nothing. */
  readonly written: string | null;
  readonly scratch: Scratch;
}

function comment({ diff, number = '7', comment: present = '', branch = 'topic' }: Given): Done {
  const scratch = new Scratch();
  const place = (path: string): string => join(scratch.folder, path);
  mkdirSync(place('bin'), { recursive: true });
  if (diff !== null) writeFileSync(place('diff'), diff);
  const answers = { pulls: number, artifacts: diff === null ? '' : '11', comments: present };
  for (const [name, answer] of Object.entries(answers))
    writeFileSync(place(name), answer === '' ? '' : `${answer}\n`);
  const fakes = {
    gh: `{ for one in "$@"; do printf '%s\\0' "$one"; done; printf '\\n'; } >> calls
for one in "$@"; do case $one in body=@*) cp "\${one#body=@}" written;; esac; done
case "$*" in
  *--method\\ P*) ;;
  */zip) cat diff;;
  */pulls\\ *) cat pulls;;
  */artifacts\\?name=*) cat artifacts;;
  */comments\\ *) cat comments;;
  *) exit 9;;
esac`,
    unzip: '[ "$1 $3" = "-p diff.md" ] && cat "$2"',
  };
  for (const [name, script] of Object.entries(fakes)) {
    writeFileSync(place(`bin/${name}`), `#!/bin/bash\n${script}\n`);
    chmodSync(place(`bin/${name}`), 0o755);
  }
  const results = runJob(workflow, 'comment', {
    cwd: scratch.folder,
    env: { PATH: [place('bin'), process.env.PATH].join(delimiter) },
    expressions: {
      'github.token': 'token',
      'github.repository': 'owner/name',
      'github.event.workflow_run.id': '99',
      'github.event.workflow_run.head_repository.owner.login': 'somebody',
      'github.event.workflow_run.head_branch': branch,
      'github.event.workflow_run.head_sha': SHA,
    },
    play: () => false,
  });
  const lines = scratch.has('calls') ? scratch.read('calls').split('\0\n').filter(Boolean) : [];
  return {
    results,
    calls: lines.map((line) => line.split('\0')),
    written: scratch.has('written') ? scratch.read('written') : null,
    scratch,
  };
}

const failures = ({ results }: Done): readonly StepResult[] =>
  results.filter(({ code }) => code !== 0 && code !== null);

test('the comparison becomes a comment on the pull request that the event names', () => {
  const done = comment({ diff: '## order-paid\n\nsafe: the owner\n' });
  expect(failures(done)).toEqual([]);
  expect(done.calls.at(-1)?.slice(0, 4)).toEqual([
    'api',
    '--method',
    'POST',
    'repos/owner/name/issues/7/comments',
  ]);
  expect(done.written).toBe(
    `<!-- sluice-diff -->\nWhat this pull request changes, as its own run of \`sluice diff\` says (commit ${SHA}):\n\n## order-paid\n\nsafe: the owner\n`,
  );
});

test('a comment that is there is replaced', () => {
  const done = comment({ diff: 'x\n', comment: '55\n56' });
  expect(done.calls.at(-1)?.slice(0, 4)).toEqual([
    'api',
    '--method',
    'PATCH',
    'repos/owner/name/issues/comments/55',
  ]);
});

test('a text from anybody calls nobody, and names no other pull request', () => {
  const done = comment({ diff: 'number=1\n@everyone $(touch pwned) `touch pwned`\n' });
  expect(failures(done)).toEqual([]);
  expect(done.written).toContain('@\u200beveryone $(touch pwned)');
  expect(done.written).not.toContain('@everyone');
  expect(done.calls.at(-1)).toContain('repos/owner/name/issues/7/comments');
  expect(done.scratch.has('pwned')).toBe(false);
});

test("a branch's name is an argument, whatever it holds", () => {
  const branch = '$(touch$IFS"pwned");touch pwned;"';
  const done = comment({ diff: 'x\n', branch });
  expect(failures(done)).toEqual([]);
  expect(done.calls[0]).toContain(`head=somebody:${branch}`);
  expect(done.scratch.has('pwned')).toBe(false);
});

test('what is too long is not cut in the middle, but named', () => {
  const done = comment({ diff: 'a'.repeat(60_001) });
  expect(failures(done)).toEqual([]);
  expect(done.written).toContain('too long for a comment');
  expect(comment({ diff: 'a'.repeat(60_000) }).written).toContain('a'.repeat(60_000));
});

test.each<[string, Given]>([
  ['no comparison', { diff: null }],
  ['an empty one', { diff: '' }],
  ['bytes that are no text', { diff: Buffer.from([0xff, 0xfe, 0x00]) }],
  ['no pull request at this commit', { diff: 'x', number: '' }],
  ['an answer that is no number', { diff: 'x', number: '7; touch pwned' }],
])('%s: nothing is written, and nothing fails', (_, given) => {
  const done = comment(given);
  expect(failures(done)).toEqual([]);
  expect(done.written).toBeNull();
});
