/** Files before and after in, one unified diff that `git apply` takes out. Paths are from where it is to be applied. */
import { structuredPatch } from 'diff';

export interface FileChange {
  readonly path: string;
  /** null: the file is new. */
  readonly before: string | null;
  readonly after: string;
}

export function patchText(changes: readonly FileChange[]): string {
  return changes
    .filter(({ before, after }) => before !== after)
    .map(({ path, before, after }) => {
      const { hunks } = structuredPatch(path, path, before ?? '', after, '', '', { context: 3 });
      // A name with blanks ends at a tab, as git writes it.
      const end = path.includes(' ') ? '\t' : '';
      return [
        `diff --git a/${path} b/${path}`,
        ...(before === null ? ['new file mode 100644', '--- /dev/null'] : [`--- a/${path}${end}`]),
        `+++ b/${path}${end}`,
        ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
          // Of no lines, the place is the line before.
          `@@ -${oldLines === 0 ? oldStart - 1 : oldStart},${oldLines} +${newStart},${newLines} @@`,
          ...lines,
        ]),
        '',
      ].join('\n');
    })
    .join('');
}
