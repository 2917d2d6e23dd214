// Connector files come from pull requests of strangers: whatever is in them is reported, and nothing is thrown.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { connectorFiles, makeFolder } from './folder.ts';

const SPEC = {
  apiVersion: 'sluice/v1',
  id: 'a',
  actionFlow: 'BkX2pQ',
  status: 'live',
  methods: ['POST'],
  body: 'json',
  samples: ['one.json', 'two.json'],
  when: [
    { path: '$.type', equals: 'paid' },
    { header: 'x-topic', exists: false },
  ],
  testWhen: { path: '$.amount', in: [0] },
  mapping: {
    targetUserIds: ['$.user.id', { path: ['$.user.id', '$.id'], as: 'string' }],
    cardOptions: { priority: 5, expiresInterval: 'PT1H', targetStreamIds: ['s'] },
    variables: { text: { template: 'Hi {{ $.user.id ?? "you" }}' }, header: { header: 'x-a', default: 'b' } },
    metadata: { literal: { value: { deep: [1] } } },
  },
  idempotency: { path: '$.id' },
  shape: { policy: 'mapped', pauseAfter: 3, required: ['$.id'], optional: ['$.note'], maps: ['$.user'] },
  security: {
    allowIps: ['10.0.0.0/8', '::1'],
    signature: {
      type: 'hmac',
      algorithm: 'sha256',
      sharedSecret: [{ env: 'SLUICE_SECRET_A' }, { file: 'b' }],
      signature: { header: ['x-signature'], parsePrefix: 'v1=' },
      timestamp: { header: 'x-time', tolerance: 300 },
      template: '[timestamp].[payload]',
      handshake: [{ when: [{ path: '$.type', equals: 'ping' }], answer: { text: '$.id' } }],
    },
  },
};

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '$',
    '$.',
    '$.user',
    '$.a[',
    '$..id',
    '$[*]',
    '{{',
    '{{ $.id }}',
    '[x]',
    [],
    {},
    [[]],
    { path: '$.id' },
    { value: 1 },
    0,
    -1,
    1e300,
    true,
    '__proto__',
    '\u0000',
    '👋',
    '2001:db8::/129',
    'github',
    '../x',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every place of a value, as the keys that lead there. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = Array.isArray(value) ? [...value] : { ...value };
  (copy as Record<string, unknown>)[key] = replaceAt(
    (value as Record<string, unknown>)[key],
    rest,
    replacement,
  );
  return copy;
}

test('a connector with anything anywhere', async () => {
  const folder = makeFolder(connectorFiles('a'));
  const place = fc.constantFrom(...placesOf(SPEC).filter((path) => path.length > 0));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, odd), { minLength: 1, maxLength: 3 }), async (changes) => {
      const spec = changes.reduce<unknown>((changed, [path, value]) => replaceAt(changed, path, value), SPEC);
      folder.write('a/connector.yaml', stringify(spec, { aliasDuplicateObjects: false }));
      const { connectors, diagnostics } = await folder.compile();
      const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
      expect(connectors[0]?.plan === null).toBe(hasErrors);
    }),
    { numRuns: 200 },
  );
});

test('a connector with any samples', async () => {
  const folder = makeFolder(connectorFiles('a'));
  folder.write('a/connector.yaml', stringify({ ...SPEC, when: undefined }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), fc.json(), async (one, two) => {
      folder.write('a/one.json', one);
      folder.write('a/two.json', two);
      const { connectors, diagnostics } = await folder.compile();
      expect(connectors[0]?.plan === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: 100 },
  );
});

test('thousands of files that are no connectors are each named, and the one that is one is compiled', async () => {
  const folder = makeFolder(connectorFiles('a'));
  for (let index = 0; index < 3000; index += 1) folder.write(`stray${index}.yml`, '');
  const { connectors, diagnostics } = await folder.compile();
  expect(connectors).toHaveLength(1);
  expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['connector-ignored']));
  expect(diagnostics).toHaveLength(3000);
});
