// Whatever the deployment files set is a setting that the runtime has, with a value that it takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/runtime/config/config.ts';
import { SETTINGS } from '../../src/runtime/config/settings.ts';
import { environmentVariable, type Setting } from '../../src/runtime/settings/setting.ts';
import { kustomize } from './kustomize.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const settings = Object.values<Setting>(SETTINGS);
const variables = settings.map(environmentVariable);

function ofKubernetes(variant: string): Record<string, string> {
  const manifests = kustomize(join(root, 'docs/deploy/kubernetes', variant));
  return manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'sluice-settings')
    ?.data;
}

function ofSystemd(): Record<string, string> {
  const unit = read('docs/deploy/systemd/sluice.service');
  // %S and %d are folders that systemd makes.
  return Object.fromEntries(
    [...unit.matchAll(/^Environment=(SLUICE_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace(/^%[Sd]/, '/run'),
    ]),
  );
}

function ofDocker(): Record<string, string> {
  const variables = DockerfileParser.parse(read('Dockerfile'))
    .getENVs()
    .flatMap((one) => one.getProperties());
  return Object.fromEntries(
    variables
      .map((one) => [one.getName(), one.getValue() ?? ''] as const)
      .filter(([name]) => name.startsWith('SLUICE_')),
  );
}

describe.each([
  ['Kubernetes', ofKubernetes('base')],
  ['Kubernetes with git-sync', ofKubernetes('git-sync')],
  ['Kubernetes with several replicas', ofKubernetes('replicas')],
  ['systemd', ofSystemd()],
  ['Docker', ofDocker()],
])('%s', (_, env) => {
  test('sets only settings that there are', () => {
    expect(Object.keys(env).length).toBeGreaterThan(2);
    for (const name of Object.keys(env)) expect(variables).toContain(name);
  });

  test('to values that the runtime takes without a warning, together with a token', () => {
    // The file with the keys is not on this machine.
    const { SLUICE_TRUSTED_KEYS: _, ...given } = env;
    const result = readConfig({}, { ...given, SLUICE_ADMIN_TOKEN: 'a-token-of-some-length' });
    expect(result).toMatchObject({ ok: true, config: { warnings: [] } });
  });

  test('keeps what is secret out of files that everybody can read', () => {
    const secret = settings.filter((one) => one.secret).map(environmentVariable);
    expect(Object.keys(env).filter((name) => secret.includes(name))).toEqual([]);
  });
});

test('bundle, state and secrets are where Kubernetes mounts them, and ports are those it is told', () => {
  const env = ofKubernetes('base');
  const set = kustomize(join(root, 'docs/deploy/kubernetes/base')).find(({ kind }) => kind === 'StatefulSet');
  const [container] = set?.spec.template.spec.containers ?? [];
  const mounts = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  expect(mounts).toEqual([env.SLUICE_STATE, join(env.SLUICE_BUNDLE ?? '', '..'), env.SLUICE_SECRETS_DIR]);
  expect(container.ports).toEqual([
    { name: 'ingress', containerPort: Number(env.SLUICE_PORT) },
    { name: 'admin', containerPort: Number(env.SLUICE_ADMIN_PORT) },
  ]);
});

test('the unit starts the program where the package puts it, and waits as long as Kubernetes for its end', () => {
  const unit = read('docs/deploy/systemd/sluice.service');
  const { bin } = JSON.parse(read('package.json'));
  expect(unit).toContain(`\nExecStart=/usr/bin/node /opt/sluice/node_modules/sluice/${bin.sluice} serve\n`);
  const set = kustomize(join(root, 'docs/deploy/kubernetes/base')).find(({ kind }) => kind === 'StatefulSet');
  expect(unit).toContain(`\nTimeoutStopSec=${set?.spec.template.spec.terminationGracePeriodSeconds}\n`);
});
