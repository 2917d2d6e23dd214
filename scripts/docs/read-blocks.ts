// In: the text of a Markdown page. Out: its ```sh blocks in order, each with what it must print: the ```text block right
// after it ("..." stands for anything). A command that cannot run anywhere (docker, kubectl) is a ```console block.

export interface Block {
  /** Of the first command, from 1. */
  readonly line: number;
  readonly command: string;
  /** null: whatever it prints. */
  readonly expected: string | null;
}

export function readBlocks(page: string): Block[] {
  const found: Block[] = [];
  for (const match of page.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)) {
    const line = page.slice(0, match.index).split('\n').length + 1;
    found.push({ line, command: match[1] as string, expected: match[2] ?? null });
  }
  return found;
}

/** Whether a command printed what the page says, anywhere in its output. */
export function prints(expected: string, output: string): boolean {
  const pattern = expected
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\.\\.\\.', '[\\s\\S]*?');
  return new RegExp(pattern).test(output);
}
