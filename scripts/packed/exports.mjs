// In the folder of a team that has installed the package: what can be imported, and that nothing else can.
import assert from 'node:assert/strict';

const sluice = await import('sluice');
assert.deepEqual(Object.keys(sluice).sort(), [
  'StartError',
  'buildBundle',
  'checkConnectors',
  'createFastifyHook',
  'createHandler',
  'createMiddleware',
  'createRuntime',
  'targetConformance',
]);
const schema = await import('sluice/schemas/connector.schema.json', { with: { type: 'json' } });
assert.equal(schema.default.type, 'object');
const manifest = await import('sluice/package.json', { with: { type: 'json' } });
assert.equal(manifest.default.name, 'sluice');
for (const inner of [
  'sluice/dist/src/index.js',
  'sluice/src/runtime/processes/serve.ts',
  'sluice/dist/src/cli/main.js',
])
  await assert.rejects(import(inner), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
const checked = await sluice.checkConnectors('connectors');
assert.deepEqual(
  [checked.ok, checked.diagnostics.filter(({ severity }) => severity === 'error')],
  [true, []],
);
