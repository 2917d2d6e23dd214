/**
 * Whose URL brings a connector's events. In: the text of a connector file, which may be broken. Out: the id under `eventsOf`,
 * or null where there is none or the text cannot be read. Says nothing about whether there is such a connector.
 */
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';

export function eventsOwnerOf(text: string): string | null {
  // A key can be written otherwise only with an escape; hardly any file has to be read as YAML.
  if (!text.includes('eventsOf') && !text.includes('\\')) return null;
  const value = parseYaml(new SourceFile('', text.replace(/^\ufeff/, ''))).document?.value;
  return isJsonObject(value) && typeof value.eventsOf === 'string' ? value.eventsOf : null;
}
