/** A text, with a button that copies it. */
import { useSignal } from '@preact/signals';

export function Copied({ text }: { readonly text: string }) {
  const isDone = useSignal(false);
  return (
    <span class="copied">
      <code>{text}</code>{' '}
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(text);
          isDone.value = true;
        }}
      >
        {isDone.value ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
