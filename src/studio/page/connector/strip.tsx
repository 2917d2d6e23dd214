/** The strip at the foot: what is not saved, as numbers and its first line, with undo and save. */
import { useEffect } from 'preact/hooks';
import type { FileChange } from '../../api.ts';
import { answer, canUndo, hasChanges, isWorking, save, undo } from '../editing.ts';
import { addressOf } from '../route.ts';

export function Strip({ name }: { readonly name: string }) {
  useEffect(listenForKeys, []);
  const changes = answer.value?.changes ?? [];
  return (
    <section class="strip" aria-label="Unsaved changes">
      <div class="summary" role="status">
        {changes.length === 0 ? (
          <span class="dim">{isWorking.value ? 'Working…' : 'Saved'}</span>
        ) : (
          changes.map((one) => <Summary key={one.path} change={one} />)
        )}
      </div>
      <button type="button" onClick={undo} disabled={!canUndo.value}>
        Undo
      </button>
      <a class="button" href={addressOf(name, 'changes')}>
        Changes
      </a>
      <button type="button" class="primary" onClick={() => void save()} disabled={!hasChanges.value}>
        Save
      </button>
    </section>
  );
}

function Summary({ change: { path, added, removed, lines } }: { readonly change: FileChange }) {
  const first = lines.find(({ mark }) => mark === '+') ?? lines.find(({ mark }) => mark === '-');
  return (
    <span class="change">
      <span class="add">+{added}</span> <span class="del">−{removed}</span> {path}{' '}
      <code>{first?.text.trim() ?? ''}</code>
    </span>
  );
}

/** Ctrl+S saves. Undo keeps its key inside fields, where the browser undoes typing. */
function listenForKeys(): () => void {
  const listener = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      if (hasChanges.value) void save();
    }
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
