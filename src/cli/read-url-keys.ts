/** The deployment's URL keys, for commands that work without a runtime. Never says what the keys are. */
import { SETTINGS } from '../runtime/config/settings.ts';
import { createUrlKeys, type UrlKeys } from '../runtime/pipeline/url-keys.ts';
import { environmentVariable } from '../runtime/settings/setting.ts';

export type ReadUrlKeys =
  /** null: none are set. */
  { readonly ok: true; readonly urlKeys: UrlKeys | null } | { readonly ok: false; readonly message: string };

export function readUrlKeys(env: Readonly<Record<string, string | undefined>>): ReadUrlKeys {
  const variable = environmentVariable(SETTINGS.urlKeys);
  const text = env[variable];
  if (text === undefined || text === '') return { ok: true, urlKeys: null };
  const parsed = SETTINGS.urlKeys.parse(text);
  if (!parsed.ok) return { ok: false, message: `${variable} ${parsed.fact}: ${parsed.advice}` };
  return { ok: true, urlKeys: createUrlKeys(parsed.value) };
}
