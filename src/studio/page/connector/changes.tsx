/** What is not saved, line by line. */
import { answer } from '../editing.ts';

export function Changes() {
  const changes = answer.value?.changes ?? [];
  return (
    <section aria-labelledby="changes-title" class="pane">
      <h2 id="changes-title">Not saved</h2>
      {changes.length === 0 ? <p class="dim">Everything is on the disk.</p> : null}
      {changes.map(({ path, lines }) => (
        <figure key={path} class="diff">
          <figcaption>{path}</figcaption>
          <pre>
            {lines.map(({ mark, text }, index) => (
              <span key={index} class={mark === '+' ? 'add' : mark === '-' ? 'del' : 'same'}>
                {mark} {text}
                {'\n'}
              </span>
            ))}
          </pre>
        </figure>
      ))}
    </section>
  );
}
