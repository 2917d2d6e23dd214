// The manifests as they would be applied: of the form that Kubernetes takes, fitting together, and restricted.
import { BlockList, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kustomize, type Manifest } from './kustomize.ts';
import { findTypeErrors, validate } from './models.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/deploy/kubernetes');

const variants = ['base', 'git-sync', 'replicas'];
const monitoring = kustomize(join(folder, 'monitoring'));

test('every manifest has the form that its kind has', async () => {
  const manifests = [...variants.flatMap((one) => kustomize(join(folder, one))), ...monitoring];
  expect(manifests.length).toBeGreaterThan(10);
  for (const manifest of manifests) await validate(manifest);
  expect(findTypeErrors(manifests)).toBe('');
}, 60_000);

test('the two checks see an unknown field, a wrong type and a missing field', async () => {
  const [service] = kustomize(join(folder, 'base')).filter(({ kind }) => kind === 'Service') as [Manifest];
  expect(findTypeErrors([{ ...service, spec: { ...service.spec, portz: [] } }])).toContain('portz');
  await expect(validate({ ...service, spec: { ports: [{ port: 'http' }] } })).rejects.toThrow(/port must be/);
  const [monitor] = monitoring as [Manifest];
  await expect(validate({ ...monitor, spec: { endpoints: [] } })).rejects.toThrow('selector');
});

describe.each(variants)('%s', (variant) => {
  const manifests = kustomize(join(folder, variant));
  const of = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  const [workload] = [...of('StatefulSet'), ...of('Deployment')] as [Manifest];
  const pod = workload.spec.template.spec;
  const [sluice] = pod.containers;

  test('every container is restricted as the Pod Security Standard "restricted" asks, with a root it cannot write to', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of pod.containers) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toBeDefined();
      expect(container.image).toMatch(/:v?\d+\.\d+\.\d+$/);
    }
  });

  test('one replica, which a disruption budget does not nail to its node, or several, of which one at a time may go', () => {
    const [budget] = of('PodDisruptionBudget');
    expect(workload.spec.replicas > 1).toBe(workload.kind === 'Deployment');
    expect(budget?.spec.maxUnavailable).toBe(workload.kind === 'Deployment' ? 1 : undefined);
    if (budget === undefined) return;
    expect(workload.spec.template.metadata.labels).toMatchObject(budget.spec.selector.matchLabels);
    expect(workload.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(pod.volumes).toContainEqual({ name: 'state', emptyDir: {} });
  });

  test('every mounted volume is there, every volume is mounted, and what is mounted twice is at the same place', () => {
    const volumes = [
      ...pod.volumes,
      ...(workload.spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata),
    ];
    const mounts = pod.containers.flatMap(
      (one: { volumeMounts: { name: string; mountPath: string }[] }) => one.volumeMounts,
    );
    const names = volumes.map(({ name }: { name: string }) => name);
    expect(new Set(mounts.map(({ name }: { name: string }) => name))).toEqual(new Set(names));
    const places = new Set(
      mounts.map(({ name, mountPath }: { name: string; mountPath: string }) => `${name} ${mountPath}`),
    );
    expect(places.size).toBe(names.length);
  });

  test('services, policies and monitors point at what is there', () => {
    const { labels } = workload.spec.template.metadata;
    expect(labels).toMatchObject(workload.spec.selector.matchLabels);
    const ports = sluice.ports.map(({ name }: { name: string }) => name);
    for (const service of of('Service')) {
      expect(labels).toMatchObject(service.spec.selector);
      for (const { targetPort } of service.spec.ports) expect(ports).toContain(targetPort);
    }
    if (workload.kind === 'StatefulSet')
      expect(of('Service').map(({ metadata }) => metadata.name)).toContain(workload.spec.serviceName);
    const [policy] = of('NetworkPolicy') as [Manifest];
    for (const { spec } of of('NetworkPolicy')) expect(labels).toMatchObject(spec.podSelector.matchLabels);
    for (const rule of policy.spec.ingress) for (const { port } of rule.ports) expect(ports).toContain(port);
    const [monitor] = monitoring as [Manifest];
    const scraped = of('Service').filter(({ metadata }) =>
      Object.entries(monitor.spec.selector.matchLabels).every(
        ([key, value]) => metadata.labels?.[key] === value,
      ),
    );
    expect(scraped.map(({ spec }) => spec.ports[0].name)).toEqual([monitor.spec.endpoints[0].port]);
  });

  test.each([
    ['1.1.1.1', true],
    ['2606:4700:4700::1111', true],
    ['10.96.0.1', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['172.20.0.1', false],
    ['192.168.0.1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    // 169.254.169.254 and 10.96.0.1 through NAT64, under the well-known and under a local prefix.
    ['64:ff9b::a9fe:a9fe', false],
    ['64:ff9b:1::a60:1', false],
  ])('the policy lets HTTPS out to %s: %s', (address, isAllowed) => {
    const family = (text: string) => (isIPv6(text) ? 'ipv6' : 'ipv4');
    const contains = (cidr: string): boolean => {
      const [network = '', bits] = cidr.split('/');
      const list = new BlockList();
      list.addSubnet(network, Number(bits), family(network));
      return family(network) === family(address) && list.check(address, family(address));
    };
    const blocks: { cidr: string; except: string[] }[] = (
      of('NetworkPolicy')[0] as Manifest
    ).spec.egress.flatMap(({ to }: Manifest) => to.flatMap(({ ipBlock }: Manifest) => ipBlock ?? []));
    const isOpen = blocks.some(({ cidr, except }) => contains(cidr) && !except.some(contains));
    expect(isOpen).toBe(isAllowed);
  });

  test('the admin port is in no service that has an address of its own', () => {
    for (const { spec } of of('Service')) {
      expect(spec.type ?? 'ClusterIP').toBe('ClusterIP');
      const isAdmin = spec.ports.some(({ targetPort }: { targetPort: string }) => targetPort === 'admin');
      expect(isAdmin).toBe(spec.clusterIP === 'None');
    }
  });
});
