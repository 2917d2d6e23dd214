import { resolve } from 'node:path';
import { compileConnectors } from '../../compiler/compile.ts';
import { watchTree } from '../../runtime/bundles/watch.ts';
import { createSecretStore } from '../../runtime/config/secret-store.ts';
import { listen } from '../../runtime/ingress/listen.ts';
import { DEFAULT_SERVER_LIMITS } from '../../runtime/pipeline/limits.ts';
import { closeOnSignals } from '../../runtime/processes/serve.ts';
import { createScriptHost } from '../../runtime/script-host/host.ts';
import { createHub } from '../../studio/hub.ts';
import { openStudio } from '../../studio/open-studio.ts';
import { cacheFolder } from '../../workbench/compile/cache-folder.ts';
import { COMPILING } from '../../workbench/compile/compile-folder.ts';
import { type Context, EXIT, type ExitCode, failed, print, printError } from '../context.ts';

export interface StudioOptions {
  readonly port: string;
}

const HOST = '127.0.0.1';
const GRACE_MS = 1000;

/** `sluice studio [dir]`: the page that edits connectors, without a runtime: nothing is received, captured or held here. */
export async function studio(context: Context, folder: string, options: StudioOptions): Promise<ExitCode> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    printError(context, `--port "${options.port}" is not a port: a number from 0 to 65535`);
    return EXIT.usage;
  }
  const scripts = createScriptHost(COMPILING);
  const cacheDir = cacheFolder(context.env);
  const place = { folder: resolve(context.cwd, folder), cwd: context.cwd };
  const compile = () =>
    compileConnectors({ ...place, scripts, ...(cacheDir === undefined ? {} : { cacheDir }) });
  const hub = createHub();
  let latest = compile();
  const page = openStudio({
    ...place,
    display: folder,
    scripts,
    secrets: createSecretStore({ env: context.env }),
    hub,
    env: context.env,
    compilation: () => latest,
    onError: (error) => printError(context, `internal error in the studio, please report it: ${error}`),
  });
  try {
    const listening = await listen(page.listener(null), {
      host: HOST,
      port,
      limits: DEFAULT_SERVER_LIMITS,
      flag: '--port',
    });
    if (!listening.ok) return failed(context, listening.message);
    const { listener } = listening;
    print(context, `studio  ${page.url(listener.url)}\n`);
    print(
      context,
      'It edits files, and receives nothing: `sluice dev` has the same page with a runtime behind it.',
    );
    const watcher = await watchTree(place.folder, async () => {
      latest = compile();
      await latest;
      hub.tell({ kind: 'compiled' });
    });
    await closeOnSignals({ close: async () => void (await listener.close(GRACE_MS)) });
    await watcher.close();
    return EXIT.clean;
  } finally {
    await scripts.close();
  }
}
