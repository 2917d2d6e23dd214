import { expect, test } from 'vitest';
import type { Case } from '../../src/generated/case.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';
import { runCase } from '../../src/workbench/cases/run-case.ts';
import { previewConnector } from '../../src/workbench/preview/preview.ts';
import { listConnectorProperties } from '../../src/workbench/preview/properties.ts';
import { connectorFile, connectorFiles, makeFolder, noScripts, SAMPLE_ONE, SAMPLE_TWO } from './folder.ts';

async function previewOf(files: Readonly<Record<string, string>>, scripts: ScriptRunner = noScripts) {
  const { connectors } = await makeFolder({ ...connectorFiles('a'), ...files }).compile({ scripts });
  const [connector] = connectors;
  if (connector === undefined) throw new Error('there is a connector');
  return { connector, preview: await previewConnector(connector, scripts) };
}

test('each sample with the trigger it becomes, and what must be there', async () => {
  const { preview } = await previewOf({
    'a/connector.yaml': connectorFile(
      'a',
      'status: live\nidempotency: { path: $.id }\nsecurity: { signature: { preset: github, sharedSecret: { env: SLUICE_SECRET_A } } }\n',
    ),
  });
  expect(preview).toMatchObject({
    id: 'a',
    status: 'live',
    covers: { body: true, headers: [], timestamp: false },
    required: ['$.user.id'],
    expected: ['$.amount'],
    optional: ['$.note'],
    samples: [
      {
        name: 'one.json',
        file: 'connectors/a/one.json',
        selection: { kind: 'ours', mode: 'live' },
        elements: [
          { kind: 'mapped', trigger: { targetUserIds: ['user_1'], variables: { amount: 12, note: 'none' } } },
        ],
      },
      { name: 'two.json', elements: [{ kind: 'mapped', trigger: { variables: { note: 'x' } } }] },
    ],
  });
});

test('the same preview every time: no clock, no randomness', async () => {
  const { connector, preview } = await previewOf({});
  expect(await previewConnector(connector, noScripts)).toEqual(preview);
});

test('a batch is shown element by element', async () => {
  const { preview } = await previewOf({
    'a/connector.yaml': connectorFile('a', 'split: $[*]\n').replace('[one.json, two.json]', '[batch.json]'),
    'a/batch.json': `[${SAMPLE_ONE}, ${SAMPLE_TWO.replace('user_2', 'user_9')}]`,
  });
  expect(preview?.samples.map(({ elements }) => elements)).toMatchObject([
    [{ trigger: { targetUserIds: ['user_1'] } }, { trigger: { targetUserIds: ['user_9'] } }],
  ]);
});

test('test traffic, ignored samples and samples that a script ignores', async () => {
  const scripts: ScriptRunner = {
    run: () => Promise.resolve({ ok: true, value: null, reads: ['$.user.id'] }),
    close: () => Promise.resolve(),
  };
  const { preview } = await previewOf(
    {
      'a/connector.yaml': connectorFile('a', 'testWhen: { path: $.type, equals: paid }\n').replace(
        /mapping:[^t]*targetUserIds.*\n.*\n/,
        'mapping: { script: map.js }\n',
      ),
      'a/map.js': 'export default () => null',
    },
    scripts,
  );
  expect(preview?.samples[0]).toMatchObject({
    selection: { kind: 'ours', mode: 'test' },
    elements: [{ kind: 'ignored', code: 'script-ignored' }],
  });
});

test('a connector with errors has no preview, but its properties are listed', async () => {
  const { connector, preview } = await previewOf({ 'a/connector.yaml': connectorFile('a', 'owner: [1]\n') });
  expect(preview).toBeNull();
  expect(listConnectorProperties(connector)).toContainEqual({
    path: '$.user.id',
    type: 'string',
    example: '"user_1"',
    optional: false,
  });
  expect(listConnectorProperties(connector).find(({ path }) => path === '$.note')).toMatchObject({
    optional: true,
  });
});

test("a live connector's test traffic is shown with the id that production gives it", async () => {
  const { connector, preview } = await previewOf({
    'a/connector.yaml': connectorFile(
      'a',
      'status: live\nidempotency: { path: $.id }\ntestWhen: { path: $.type, equals: paid }\nsecurity: { signature: { preset: github, sharedSecret: { env: SLUICE_SECRET_A } } }\n',
    ),
  });
  if (connector.plan === null) throw new Error('the connector compiles');
  const recorded: Case = {
    note: 'test traffic',
    request: { sample: 'one.json', sign: 'genuine' },
    want: { outcome: 'delivered' },
  };
  const run = await runCase(connector, connector.plan, recorded, noScripts);
  const triggers = run.ran && run.result.outcome.outcome === 'delivered' ? run.result.outcome.triggers : [];
  expect(triggers).toMatchObject([{ mode: 'test' }]);
  expect(preview?.samples[0]?.elements).toMatchObject([{ kind: 'mapped', trigger: triggers[0]?.trigger }]);
});
