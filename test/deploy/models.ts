/** Whether a manifest has the form that Kubernetes, or the Prometheus operator, gives its kind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from './kustomize.ts';

const root = join(import.meta.dirname, '../..');
const OPERATOR = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';

/** Where the model of each kind is. */
const MODELS: Readonly<Record<string, string>> = {
  ConfigMap: 'kubernetes-models/v1/ConfigMap',
  Service: 'kubernetes-models/v1/Service',
  StatefulSet: 'kubernetes-models/apps/v1/StatefulSet',
  Deployment: 'kubernetes-models/apps/v1/Deployment',
  PodDisruptionBudget: 'kubernetes-models/policy/v1/PodDisruptionBudget',
  NetworkPolicy: 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  ServiceMonitor: `${OPERATOR}/ServiceMonitor`,
  PrometheusRule: `${OPERATOR}/PrometheusRule`,
};

/** What the compiler says of fields that a kind does not have, which its schema lets pass. '' if it says nothing. */
export function findTypeErrors(manifests: readonly Manifest[]): string {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-manifests-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
    const source = manifests.map((manifest, index) => {
      const type = `import('${MODELS[manifest.kind]}').I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest, null, 1)};`;
    });
    writeFileSync(join(scratch, 'manifests.ts'), source.join('\n'));
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
    const tsc = join(root, 'node_modules/.bin/tsc');
    return spawnSync(tsc, [...flags, 'manifests.ts'], { cwd: scratch, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Rejects with what its schema says. */
export async function validate(manifest: Manifest): Promise<void> {
  const models = await import(MODELS[manifest.kind] as string);
  new models[manifest.kind](manifest).validate();
}
