/**
 * What `kubectl apply -k` would send: resources, generated ConfigMaps, JSON patches (RFC 6902) and images of a
 * kustomization, as far as ours use them; throws at anything else. Generated names get no digest.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch, type Operation } from 'rfc6902';
import { parse, parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has other fields; the schemas say which
  readonly [field: string]: any;
}

interface Generator {
  readonly name: string;
  readonly behavior?: 'merge';
  readonly envs?: readonly string[];
  readonly literals?: readonly string[];
}

interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly Generator[];
  readonly patches?: readonly { readonly path: string; readonly target: { kind: string; name: string } }[];
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
}

const KNOWN = [
  'apiVersion',
  'kind',
  'namespace',
  'resources',
  'components',
  'configMapGenerator',
  'patches',
  'images',
];

export function kustomize(folder: string): Manifest[] {
  const given: Kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  for (const key of Object.keys(given)) if (!KNOWN.includes(key)) throw new Error(`what is "${key}"?`);
  const named = [...(given.resources ?? []), ...(given.components ?? [])];
  const manifests = named.flatMap((one) => readResource(join(folder, one)));
  for (const generator of given.configMapGenerator ?? []) generate(generator, folder, manifests);
  for (const { path, target } of given.patches ?? []) {
    const found = manifests.find(
      ({ kind, metadata }) => kind === target.kind && metadata.name === target.name,
    );
    const operations: Operation[] = parse(readFileSync(join(folder, path), 'utf8'));
    if (found === undefined) throw new Error(`${path} patches nothing`);
    const problems = applyPatch(found, operations).filter((problem) => problem !== null);
    if (problems.length > 0) throw new Error(`${path}: ${problems.join(', ')}`);
  }
  for (const { name, newName, newTag } of given.images ?? []) {
    for (const container of manifests.flatMap((one) => one.spec?.template?.spec?.containers ?? []))
      if (String(container.image).split(':')[0] === name) container.image = `${newName}:${newTag}`;
  }
  return manifests;
}

function readResource(path: string): Manifest[] {
  if (statSync(path).isDirectory()) return kustomize(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`);
    return document.toJS();
  });
}

function generate(
  { name, behavior, envs = [], literals = [] }: Generator,
  folder: string,
  manifests: Manifest[],
) {
  const lines = [
    ...envs.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')),
    ...literals,
  ];
  const data = Object.fromEntries(
    lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/=(.*)/s, 2)),
  );
  const before = manifests.find((one) => one.kind === 'ConfigMap' && one.metadata.name === name);
  if ((before !== undefined) !== (behavior === 'merge')) throw new Error(`"${name}" is there, or it is not`);
  if (before !== undefined) Object.assign(before.data, data);
  else manifests.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}
