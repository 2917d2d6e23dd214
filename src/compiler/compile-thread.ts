// A further thread of the compiler: gets the places of connectors, compiles them and hands back their records. Scripts
// are run by the thread that started it.
import { parentPort } from 'node:worker_threads';
import type { ScriptResult, ScriptRunner } from '../stages/script/script-runner.ts';
import { compileConnector } from './compile-connector.ts';
import { ConnectorFiles } from './connector-files.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a thread of the compiler');
const send = (message: FromThread, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

const calls = new Map<number, (result: ScriptResult) => void>();
let lastCall = 0;

const scripts: ScriptRunner = {
  run: (connector, script, request, options) =>
    new Promise((resolve) => {
      lastCall += 1;
      calls.set(lastCall, resolve);
      send({ kind: 'run', call: lastCall, connector, script, request, options });
    }),
  close: () => Promise.resolve(),
};

port.on('message', (message: ToThread) => {
  if (message.kind === 'result') {
    calls.get(message.call)?.(message.result);
    calls.delete(message.call);
    return;
  }
  for (const [index, location] of message.work) {
    void compileConnector(new ConnectorFiles(location), scripts).then(({ bytes }) => {
      send({ kind: 'compiled', index, bytes: bytes as Buffer<ArrayBuffer> }, [bytes.buffer as ArrayBuffer]);
    });
  }
});
