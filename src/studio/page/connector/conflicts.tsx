/** Two have changed the same file: nothing is overwritten until somebody says whose text counts. */
import { conflicts, settle } from '../editing.ts';

export function Conflicts() {
  if (conflicts.value.length === 0) return null;
  const names = conflicts.value.map(({ path }) => path).join(', ');
  return (
    <section class="note warn" role="alert" aria-label="Changed by somebody else">
      <p>
        <strong>{names}</strong> was changed on the disk after it was opened here. Nothing has been written.
      </p>
      <button type="button" onClick={() => void settle('theirs')}>
        Take the file from the disk
      </button>
      <button type="button" onClick={() => void settle('ours')}>
        Save mine over it
      </button>
    </section>
  );
}
