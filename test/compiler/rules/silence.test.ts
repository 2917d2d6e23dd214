import { join } from 'node:path';
import { expect, test } from 'vitest';
import connectorSchema from '../../../schemas/connector.schema.json' with { type: 'json' };
import { SILENCEABLE } from '../../../src/compiler/rules/silence.ts';
import { CODES } from '../../../src/diagnostics/codes.ts';
import { connectorFile, connectorFiles, makeFolder, SAMPLE_ONE, SAMPLE_TWO } from '../folder.ts';

const SINGLE = connectorFile('a')
  .replace('one.json, two.json', 'one.json')
  .replace(', note: { path: $.note, default: none }', '');

function folderWith(extra: string) {
  return makeFolder({ 'a/connector.yaml': `${SINGLE}${extra}`, 'a/one.json': SAMPLE_ONE });
}

test('the schema completes the codes of warnings, and those alone', () => {
  expect(Object.keys(connectorSchema.properties.silence.properties).sort()).toEqual([...SILENCEABLE].sort());
  for (const code of SILENCEABLE) expect(CODES[code].severity).toBe('warning');
  expect(SILENCEABLE.length).toBeGreaterThan(10);
});

test('a silenced warning carries the reason, and the plan is the one without the entry', async () => {
  const plain = await folderWith('').compile();
  const silenced = await folderWith('silence: { sample-single: one form is documented }\n').compile();
  expect(plain.diagnostics).toMatchObject([{ code: 'sample-single' }]);
  expect(plain.diagnostics[0]?.silenced).toBeUndefined();
  expect(silenced.diagnostics).toMatchObject([{ code: 'sample-single', silenced: 'one form is documented' }]);
  expect(silenced.connectors[0]?.plan).not.toBeNull();
  expect(silenced.connectors[0]?.plan).toEqual(plain.connectors[0]?.plan);
});

test('warnings about samples, cases and scripts of the connector are silenced too', async () => {
  const folder = makeFolder(connectorFiles('a'));
  folder.write('a/connector.yaml', connectorFile('a', 'silence: { samples-differ: both make a card }\n'));
  folder.write('a/two.json', SAMPLE_TWO.replace('"paid"', '"sent"'));
  const { diagnostics } = await folder.compile();
  expect(diagnostics).toMatchObject([{ code: 'samples-differ', silenced: 'both make a card' }]);
});

test('what has errors is not told which entries it no longer needs', async () => {
  const { diagnostics } = await folderWith('silence: { ip-overlap: x }\nsplit: $.none[*]\n').compile();
  expect(diagnostics.map(({ code }) => code)).not.toContain('silence-unused');
});

test('an edited entry is seen past the cache, and a cached one is told again', async () => {
  const folder = folderWith('silence: { sample-single: first reason }\n');
  const cacheDir = join(folder.cwd, 'cache');
  const fresh = await folder.compile({ cacheDir });
  const again = await folder.compile({ cacheDir });
  expect(again.reused).toBe(1);
  expect(again.diagnostics).toEqual(fresh.diagnostics);
  folder.write('a/connector.yaml', `${SINGLE}silence: { sample-single: second reason }\n`);
  expect((await folder.compile({ cacheDir })).diagnostics).toMatchObject([{ silenced: 'second reason' }]);
  folder.write('a/connector.yaml', SINGLE);
  expect((await folder.compile({ cacheDir })).diagnostics[0]?.silenced).toBeUndefined();
});
