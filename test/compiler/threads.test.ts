import { expect, test } from 'vitest';
import type { Compilation } from '../../src/compiler/compile.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';
import { connectorFile, connectorFiles, makeFolder } from './folder.ts';

const NAMES = Array.from({ length: 40 }, (_, index) => `connector-${String(index).padStart(2, '0')}`);

function makeScripts(): ScriptRunner & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    run: (connector) => {
      ran.push(connector);
      return Promise.resolve({ ok: true, value: { targetUserIds: ['u'] }, reads: ['$.user.id'] });
    },
    close: () => Promise.resolve(),
  };
}

const contentOf = ({ diagnostics, connectors }: Compilation) => ({
  diagnostics,
  connectors: connectors.map(({ id, line, samples }) => ({
    id,
    line: line?.toString(),
    samples: samples.length,
  })),
});

test('two threads give what one gives, in the same order; scripts run in the first', {
  timeout: 60_000,
}, async () => {
  const folder = makeFolder(connectorFiles(...NAMES));
  folder.write('connector-03/connector.yaml', 'mapping: [\n');
  folder.write('connector-17/one.json', '{ "user": 7, }');
  folder.write('connector-21/connector.yaml', connectorFile('connector-20'));
  const big = connectorFile('connector-25').replace('$.amount,', '{ value: 12345678901234567890 },');
  folder.write('connector-25/connector.yaml', big);
  for (const name of ['connector-00', 'connector-30']) {
    const file = connectorFile(name).replace(/mapping:.*/s, 'mapping: { script: map.js }\n');
    folder.write(`${name}/connector.yaml`, file);
    folder.write(`${name}/map.js`, 'export default () => null');
  }
  const progress: number[] = [];
  const scripts = makeScripts();
  const onProgress = (done: number) => void progress.push(done);
  const alone = await folder.compile({ threads: 0, scripts: makeScripts() });
  const together = await folder.compile({ threads: 1, scripts, onProgress });
  expect(alone.diagnostics.length).toBeGreaterThan(2);
  expect(contentOf(together)).toEqual(contentOf(alone));
  expect(progress).toEqual(NAMES.map((_, index) => index + 1));
  expect(new Set(scripts.ran)).toEqual(new Set(['connector-00', 'connector-30']));
});

test('the event loop turns while connectors are compiled: scripts, deadlines and threads are heard', async () => {
  const folder = makeFolder(connectorFiles(...NAMES));
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await folder.compile({ threads: 0 });
  isDone = true;
  // Several connectors are under way at a time.
  expect(turns).toBeGreaterThanOrEqual(NAMES.length / 8);
});
