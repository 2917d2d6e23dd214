/** The connector file as text. */

import { CodeEditor } from '../code-editor.tsx';
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
      onChange={(text) => write(path, text)}
    />
  );
}
