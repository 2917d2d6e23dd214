import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SETTINGS } from '../../runtime/config/settings.ts';
import { eventsOwnerOf } from '../../workbench/files/events-owner.ts';
import { readOwnText } from '../../workbench/files/own-text.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { readUrlKeys } from '../read-url-keys.ts';

export interface UrlOptions {
  readonly dir: string;
  readonly publicUrl?: string;
  readonly json?: boolean;
}

const ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * `sluice url <id>`: the secret URL of a connector, worked out from the keys and the id alone. During a rotation both, that
 * of the current key first. They are credentials: standard output has them, and nothing else does.
 */
export async function url(context: Context, id: string, options: UrlOptions): Promise<ExitCode> {
  const wrong = (message: string): ExitCode => {
    printError(context, message);
    return EXIT.usage;
  };
  if (!ID.test(id))
    return wrong(`"${id}" is not the id of a connector: ids have lower-case letters, digits and dashes`);
  const read = readUrlKeys(context.env);
  if (!read.ok) return wrong(read.message);
  if (read.urlKeys === null)
    return wrong(
      'SLUICE_URL_KEYS is not set: give it the keys that the runtime has, or there is no secret URL',
    );
  const { publicUrl } = options;
  if (publicUrl === undefined || publicUrl === '')
    return wrong('--public-url (SLUICE_PUBLIC_URL) is not set: say how senders reach the runtime');
  const parsed = SETTINGS.publicUrl.parse(publicUrl);
  if (!parsed.ok) return wrong(`--public-url "${publicUrl}" ${parsed.fact}: ${parsed.advice}`);

  const folder = resolve(context.cwd, options.dir);
  const files = [`${id}/connector.yaml`, `${id}.yaml`].map((name) => readOwnText(folder, name));
  const file = files.find((one) => one.ok);
  if (existsSync(folder) && file === undefined)
    printError(
      context,
      `warning: ${options.dir} has no connector "${id}"; a URL for another id is of no use`,
    );
  const owner = file?.ok ? eventsOwnerOf(file.text) : null;
  if (owner !== null)
    printError(context, `"${id}" has no URL of its own: its events come by that of "${owner}" (eventsOf)`);
  const { urlKeys } = read;
  const host = owner ?? id;
  const urls = urlKeys.tokensOf(host).map((token) => ({
    url: `${parsed.value}/c/${host}/${token}`,
    // What holds say of the key that let them in.
    key: urlKeys.match(host, token),
  }));
  if (options.json) printJson(context, { id, ...(owner === null ? {} : { eventsOf: owner }), urls });
  else for (const one of urls) print(context, one.url);
  return EXIT.clean;
}
