/** The connector file as text. */

import { CodeEditor } from '../code-editor.tsx';
import { connectorCompletion } from '../completion.ts';
import { answer, connectorPath, textOf, write } from '../editing.ts';

export function TextView() {
  const path = connectorPath();
  const problems = (answer.value?.problems ?? []).filter((one) => one.file === path && one.silenced === null);
  return (
    <CodeEditor
      label={`${path} as text`}
      language="yaml"
      text={textOf(path)}
      problems={problems}
      more={connectorCompletion}
      onChange={(text) => write(path, text)}
    />
  );
}
