/** What a connector file says about its URL. In: its text, which may be broken. */
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject, type JsonObject } from '../../stages/json/json-value.ts';

/** Whose URL brings its events: the id under `eventsOf`; null: none, or the text cannot be read. There may be no such connector. */
export function eventsOwnerOf(text: string): string | null {
  // A key can be written otherwise only with an escape; hardly any file has to be read as YAML.
  if (!text.includes('eventsOf') && !text.includes('\\')) return null;
  const value = parseYaml(new SourceFile('', text.replace(/^\ufeff/, ''))).document?.value;
  return isJsonObject(value) && typeof value.eventsOf === 'string' ? value.eventsOf : null;
}

/** True where the text says that the secret URL is the connector's proof. */
export function needsUrlKey(text: string): boolean {
  if (!text.includes('urlKey') && !text.includes('\\')) return false;
  const value = parseYaml(new SourceFile('', text.replace(/^\ufeff/, ''))).document?.value;
  const security = isJsonObject(value) ? value.security : null;
  return isJsonObject(security ?? null) && (security as JsonObject).urlKey === true;
}
