/**
 * Lists a sample that was written in the connector file. In: the connector's place and the sample's path in its folder. Out:
 * null, or why it is not listed: nothing is, by which the connector would have an error that it has not.
 */
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { compileDraft } from '../draft/compile-draft.ts';
import { readOwnText, replaceOwnText } from '../files/own-text.ts';

export async function listSample(
  location: ConnectorLocation,
  path: string,
  scripts: ScriptRunner,
): Promise<string | null> {
  const saved = readOwnText(location.home, location.fileName);
  if (!saved.ok) return saved.message;
  const edited = addSampleToYaml(saved.text, path);
  if (!edited.ok) return edited.message;
  const errorsOf = async (text: string): Promise<readonly string[]> => {
    const { diagnostics } = await compileDraft(location, new Map([[location.display, text]]), scripts);
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  };
  const before = new Set(await errorsOf(saved.text));
  const [broken] = (await errorsOf(edited.text)).filter((message) => !before.has(message));
  if (broken !== undefined) return `with it the connector would not compile: ${broken}`;
  return replaceOwnText(location.home, location.fileName, saved.text, edited.text);
}
