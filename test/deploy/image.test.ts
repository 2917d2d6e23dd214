// The image as a container would run it: production packages only, a program that it cannot write to, a user that is not
// root; then with what the Kubernetes manifests set. A webhook is delivered, also by a script, and SIGTERM ends it with 0.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildImage, type Image } from './image.ts';
import { kustomize } from './kustomize.ts';

const root = join(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;
/** Each test starts several processes, on a machine that may be busy. */
const LIMIT_MS = 90_000;
const SECRETS = {
  SLUICE_SECRET_STRIPE: 'whsec_example_of_a_test',
  SLUICE_SECRET_PAGERDUTY: 'example_of_a_test',
};

let image: Image;
let child: ChildProcess | undefined;

beforeAll(() => {
  image = buildImage();
  // Whoever it runs as may look, and nobody may write.
  spawnSync('chmod', ['-R', 'a+rX,a-w', join(image.folder, image.workdir)]);
  chmodSync(join(image.folder, '..'), 0o755);
  linkOrCopy(process.execPath, join(image.folder, 'node'));
  const bundle = join(image.folder, 'etc/sluice/bundle.json');
  mkdirSync(join(bundle, '..'), { recursive: true });
  const built = sluice('build', 'connectors', '--out', bundle);
  expect(built).toMatchObject({ status: 0 });
}, 2 * LIMIT_MS);

afterEach(() => child?.kill('SIGKILL'));
afterAll(() => {
  spawnSync('chmod', ['-R', 'u+w', image.folder]);
  image.remove();
}, LIMIT_MS);

/** Where it lies the user may not look. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(realpathSync(from), to);
  } catch {
    cpSync(from, to, { dereference: true });
  }
}

/** The tool, on the machine of somebody who deploys. */
function sluice(...args: readonly string[]) {
  const env = { ...process.env, ...SECRETS };
  return spawnSync(process.execPath, ['src/cli/main.ts', ...args], { cwd: root, env, encoding: 'utf8' });
}

/** Paths of the image are below its folder here; commands begin with its Node. */
const placed = (text: string): string => (text.startsWith('/') ? join(image.folder, text) : text);
const nodeOf = ([node, ...args]: readonly string[]): readonly [string, string[]] => {
  expect(node).toBe('node');
  return [join(image.folder, 'node'), args];
};

function stateFolder(name: string): string {
  const folder = placed(name);
  mkdirSync(folder, { recursive: true });
  // As fsGroup leaves a volume: root's, and writable by the group.
  if (isRoot) chownSync(folder, 0, image.user.gid);
  chmodSync(folder, 0o2775);
  return folder;
}

async function start(settings: Readonly<Record<string, string>>) {
  const env = Object.fromEntries(
    Object.entries({ ...image.env, ...settings }).map(([name, value]) => [name, placed(value)]),
  );
  const options = {
    cwd: placed(image.workdir),
    env: { ...env, ...SECRETS, SLUICE_PORT: '0', SLUICE_ADMIN_PORT: '0' },
    ...(isRoot ? image.user : {}),
  };
  const [node, args] = nodeOf(image.command);
  const started = spawn(node, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  child = started;
  let output = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(started, 'exit').then(([code, signal]) => {
    output += `\nended with ${code ?? signal}`;
    return code ?? signal;
  });
  const find = () => /ingress (\S+), admin (\S+)/.exec(output);
  while (find() === null && !output.includes('ended with'))
    await Promise.race([once(started.stderr, 'data'), ended]);
  const [, ingress = '', admin = ''] = find() ?? [];
  expect(admin, output).not.toBe('');
  const inside = (command: readonly string[]) => {
    const [program, rest] = nodeOf(command);
    const variables = { ...options.env, SLUICE_ADMIN_PORT: new URL(admin).port, SLUICE_ADMIN_URL: admin };
    return spawnSync(program, rest, { ...options, env: variables, encoding: 'utf8' });
  };
  return { ingress, admin, inside, ended, stop: () => started.kill('SIGTERM') };
}

function triggers(state: string): { connector: string; mode: string }[] {
  const lines = readFileSync(join(state, 'triggers.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test(
  'with Docker: ready, healthy, delivers by mapping and by script, answers the tool inside, ends with 0',
  async () => {
    const state = stateFolder('/var/lib/sluice');
    const { ingress, inside, ended, stop } = await start({});
    expect(inside(image.healthcheck).status).toBe(0);
    // What is known of providers is in it.
    expect(inside([...image.command.slice(0, 2), 'presets', 'stripe']).stdout).toContain(
      'invoice.payment_failed',
    );
    for (const connector of ['stripe-payment-failed', 'pagerduty-incident']) {
      const sent = sluice('send', connector, '--url', ingress, '--yes-live');
      expect(sent.stderr + sent.stdout).toContain('delivered');
    }
    expect(triggers(state)).toMatchObject([
      { connector: 'stripe-payment-failed', mode: 'live' },
      { connector: 'pagerduty-incident', mode: 'live' },
    ]);
    const status = inside(['node', 'dist/src/cli/main.js', 'status', 'stripe-payment-failed', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ id: 'stripe-payment-failed', broken: null });
    stop();
    expect(await ended).toBe(0);
    expect(inside(image.healthcheck).status).toBe(1);
  },
  LIMIT_MS,
);

/** Status of an answer to somebody who calls the pod by its address. */
function callPod(admin: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host: '10.244.1.7:8081' };
    request(new URL(path, admin), { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test(
  'with the settings of the Kubernetes manifests: probes and Prometheus get in by the address of the pod, nobody else',
  async () => {
    const manifests = kustomize(join(root, 'docs/deploy/kubernetes/base'));
    const settings = manifests.find(({ kind }) => kind === 'ConfigMap')?.data;
    const [container] =
      manifests.find(({ kind }) => kind === 'StatefulSet')?.spec.template.spec.containers ?? [];
    expect(image.command).toEqual([...image.command.slice(0, -1), ...container.args]);
    stateFolder(settings.SLUICE_STATE);
    const { admin } = await start({ ...settings, SLUICE_ADMIN_TOKEN: 'a-token-of-some-length' });
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(await callPod(admin, container[probe].httpGet.path)).toBe(200);
    expect(await callPod(admin, '/metrics')).toBe(200);
    expect(await callPod(admin, '/status')).toBe(401);
  },
  LIMIT_MS,
);

test('what needs a base image is not run here, and is known', () => {
  expect(image.notRun).toEqual([
    'install -d -o node -g node -m 0700 /var/lib/sluice && install -d /etc/sluice',
  ]);
  expect(existsSync(join(image.folder, image.workdir, 'node_modules/typescript'))).toBe(false);
});
