/** What Prometheus sees of a real runtime to which everything has happened that a dashboard or an alert asks for. */
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder, until } from '../runtime/running.ts';
import { startServer, status } from '../runtime/targets/recording-server.ts';

/** By name: each label with the values it has. */
export type Scrape = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

export async function scrapeEventfulRuntime(): Promise<Scrape> {
  const folder = new Folder();
  const [target, broken] = await Promise.all([startServer(status(204)), startServer(status(503))]);
  const source = 'export default () => { throw new Error("no") }';
  const script = { kind: 'script', file: 'mapping.js', source, digest: 'd'.repeat(64) } as const;
  try {
    const running = await folder.start({
      bundle: bundleOf([
        planOf({ id: 'one', status: 'live' }),
        planOf({ id: 'two' }),
        planOf({ id: 'script', mapping: script }),
      ]),
      flags: {
        target: 'http',
        targetUrl: target.origin,
        targetTestUrl: broken.origin,
        notifyUrl: broken.origin,
      },
      env: { SLUICE_TARGET_SECRET: SECRET, SLUICE_NOTIFY_SECRET: SECRET },
    });
    await running.post('one', { user: 'u1', amount: 1 });
    await running.post('one', { user: 'u1', amount: 1, new: true });
    await running.post('two', { user: 'u1', amount: 1 });
    await running.post('script', { user: 'u1', amount: 1 });
    await running.post('one', { user: { id: 'u1' }, amount: 1 });
    await running.post('unknown', {});
    await running.runtime.activate(Buffer.from('no bundle'));
    let text = '';
    await until(async () => {
      text = (await running.admin('GET', '/metrics')).body;
      return text.includes('sluice_notifications_total{');
    });
    return readScrape(text);
  } finally {
    await folder.remove();
    await Promise.all([target.close(), broken.close()]);
  }
}

/** The text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
function readScrape(text: string): Scrape {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? \S+$/gm)) {
    const known = found.get(name) ?? new Map<string, Set<string>>();
    found.set(name, known);
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      known.set(label, (known.get(label) ?? new Set()).add(value));
  }
  return found;
}
