import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';

export interface CaptureOptions extends AdminOptions {
  readonly dir: string;
  readonly seconds: string;
  readonly write?: string;
  readonly json?: boolean;
}

interface CaptureStatus {
  readonly window: { readonly endsAt: number } | null;
  readonly latest: { readonly name: string; readonly sample: unknown } | null;
}

/**
 * `sluice capture <id>`: "get new sample". Opens a window; the next request to a test connector becomes the sample
 * (authenticated or not), a live connector's next verified request is copied and goes on.
 */
export async function capture(context: Context, id: string, options: CaptureOptions): Promise<ExitCode> {
  const seconds = Number(options.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
    printError(context, `"${options.seconds}" is not a number of seconds from 1 to 3600`);
    return EXIT.usage;
  }
  const path = `/connectors/${encodeURIComponent(id)}/capture`;
  const before = await callAdmin<CaptureStatus>(context, options, 'GET', path);
  if (!before.ok) return failed(context, before.message);
  const opened = await callAdmin<{ url?: string }>(context, options, 'POST', path, { seconds });
  if (!opened.ok) return failed(context, opened.message);
  printError(context, `waiting up to ${seconds} s for a request to ${opened.value.url ?? `/c/${id}`}`);
  for (;;) {
    const now = await callAdmin<CaptureStatus>(context, options, 'GET', path);
    if (!now.ok) return failed(context, now.message);
    const { latest, window } = now.value;
    if (latest !== null && latest.name !== before.value.latest?.name)
      return keep(context, id, latest, options);
    if (window === null) return failed(context, `no request came within ${seconds} s`);
    await delay(250);
  }
}

async function keep(
  context: Context,
  id: string,
  latest: NonNullable<CaptureStatus['latest']>,
  options: CaptureOptions,
): Promise<ExitCode> {
  const text = `${JSON.stringify(latest.sample, null, 2)}\n`;
  if (options.write === undefined) {
    if (options.json) printJson(context, latest);
    else print(context, text);
    return EXIT.clean;
  }
  const folder = resolve(context.cwd, options.dir, id);
  const name = options.write.endsWith('.json') ? options.write : `${options.write}.json`;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    return failed(context, `"${options.write}" is not a plain file name`);
  if (!existsSync(folder)) return failed(context, `there is no folder ${folder} to write the sample to`);
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(join(folder, 'samples', name), text, { flag: 'wx' });
  const said = `wrote ${join(options.dir, id, 'samples', name)}: look for personal data in it, then list it under \`samples\` in connector.yaml`;
  if (options.json) printJson(context, { ...latest, file: join(options.dir, id, 'samples', name) });
  else print(context, said);
  return EXIT.clean;
}

function failed(context: Context, message: string): ExitCode {
  printError(context, message);
  return EXIT.problems;
}
