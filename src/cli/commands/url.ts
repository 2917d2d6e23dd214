import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findConnectors } from '../../compiler/load.ts';
import { SETTINGS } from '../../runtime/config/settings.ts';
import type { UrlKeys } from '../../runtime/pipeline/url-keys.ts';
import { eventsOwnerOf, needsUrlKey } from '../../workbench/files/events-owner.ts';
import { readOwnText } from '../../workbench/files/own-text.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { readUrlKeys } from '../read-url-keys.ts';

export interface UrlOptions {
  readonly dir: string;
  readonly publicUrl?: string;
  readonly json?: boolean;
}

interface UrlsOf {
  readonly id: string;
  readonly eventsOf?: string;
  readonly urls: readonly { readonly url: string; readonly key?: string | null }[];
}

interface Deployment {
  readonly folder: string;
  /** With its path, without a slash at its end. */
  readonly origin: string;
  /** null: URLs have no token. */
  readonly urlKeys: UrlKeys | null;
}

const ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NO_KEYS =
  'SLUICE_URL_KEYS is not set: give it the keys that the runtime has, or there is no secret URL';

/**
 * `sluice url [id]`: where senders reach a connector, or each of them, worked out from the keys and the id alone. During a
 * rotation both URLs, that of the current key first. Those with a token are credentials: standard output has them, and
 * nothing else does.
 */
export async function url(context: Context, id: string | undefined, options: UrlOptions): Promise<ExitCode> {
  const wrong = (message: string): ExitCode => {
    printError(context, message);
    return EXIT.usage;
  };
  if (id !== undefined && !ID.test(id))
    return wrong(`"${id}" is not the id of a connector: ids have lower-case letters, digits and dashes`);
  const read = readUrlKeys(context.env);
  if (!read.ok) return wrong(read.message);
  const { urlKeys } = read;
  const { publicUrl } = options;
  if (publicUrl === undefined || publicUrl === '')
    return wrong('--public-url (SLUICE_PUBLIC_URL) is not set: say how senders reach the runtime');
  const parsed = SETTINGS.publicUrl.parse(publicUrl);
  if (!parsed.ok) return wrong(`--public-url "${publicUrl}" ${parsed.fact}: ${parsed.advice}`);

  const folder = resolve(context.cwd, options.dir);
  const deployment = { folder, origin: parsed.value, urlKeys };
  const ids = id === undefined ? findConnectors(folder, context.cwd).locations.map(({ name }) => name) : [id];
  if (ids.length === 0) return wrong(`${options.dir} has no connectors; say where they are with --dir`);
  // Whether an id that is not here needs a token, nobody can say.
  const unkeyed = urlKeys === null ? ids.filter((one) => isKeyed(deployment, one)) : [];
  if (unkeyed.length > 0) return wrong(id === undefined ? `${NO_KEYS} for ${unkeyed.join(', ')}` : NO_KEYS);
  if (urlKeys === null)
    printError(context, 'SLUICE_URL_KEYS is not set: this is for a runtime that has no URL keys either');
  if (id !== undefined && existsSync(folder) && textOf(folder, id) === null)
    printError(
      context,
      `warning: ${options.dir} has no connector "${id}"; a URL for another id is of no use`,
    );
  const all = ids.map((one) => urlsOf(deployment, one));
  for (const { id: one, eventsOf } of all)
    if (eventsOf !== undefined && !options.json)
      printError(
        context,
        `"${one}" has no URL of its own: its events come by that of "${eventsOf}" (eventsOf)`,
      );
  const [only] = all;
  if (options.json) printJson(context, id === undefined ? { connectors: all } : only);
  else
    for (const { id: one, urls } of all)
      for (const { url: text } of urls) print(context, id === undefined ? `${one}  ${text}` : text);
  return EXIT.clean;
}

function urlsOf({ folder, origin, urlKeys }: Deployment, id: string): UrlsOf {
  const owner = eventsOwnerOf(textOf(folder, id) ?? '');
  const host = owner ?? id;
  const urls =
    urlKeys === null
      ? [{ url: `${origin}/c/${host}` }]
      : urlKeys.tokensOf(host).map((token) => ({
          url: `${origin}/c/${host}/${token}`,
          // What holds say of the key that let them in.
          key: urlKeys.match(host, token),
        }));
  return { id, ...(owner === null ? {} : { eventsOf: owner }), urls };
}

function isKeyed({ folder }: Deployment, id: string): boolean {
  const owner = eventsOwnerOf(textOf(folder, id) ?? '');
  const text = textOf(folder, owner ?? id);
  return text === null || needsUrlKey(text);
}

/** Of the connector file; null: there is none that can be read. */
function textOf(folder: string, id: string): string | null {
  const files = [`${id}/connector.yaml`, `${id}.yaml`].map((name) => readOwnText(folder, name));
  const file = files.find((one) => one.ok);
  return file?.ok ? file.text : null;
}
