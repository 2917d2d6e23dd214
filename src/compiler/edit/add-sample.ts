/**
 * Adds a sample to the list in a connector file. In: the file's text. Out: the text with the entry, every other byte as it
 * was, or why it has to be added by hand.
 */
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { parseYaml } from '../parse.ts';
import { insertAt, type YamlEdit } from './edit-at.ts';

/** `entry` is a path of letters, digits, dots, dashes, underscores and slashes. */
export function addSampleToYaml(text: string, entry: string): YamlEdit {
  const value = parseYaml(new SourceFile('connector.yaml', text)).document?.value ?? null;
  if (!isJsonObject(value)) {
    return byHand('the connector file cannot be read; correct it first (sluice check)');
  }
  if (value.sample !== undefined) {
    return byHand(
      'the connector has an inline `sample`; move it to a file under samples/ and name that in `samples: [...]` first',
    );
  }
  const { samples = null } = value;
  const list = Array.isArray(samples) ? samples : [];
  if (list.includes(entry)) return byHand(`"${entry}" is in the list \`samples\` already`);
  const edited = insertAt(text, '/samples', list.length, entry);
  return edited.ok
    ? edited
    : byHand(`the list \`samples\` is written in a way that is not edited here; add ${entry} to it by hand`);
}

function byHand(message: string): YamlEdit {
  return { ok: false, message };
}
