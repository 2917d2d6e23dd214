// A program in TypeScript that uses the package: its types have to be whole.
import { createServer } from 'node:http';
import {
  type BuiltBundle,
  buildBundle,
  createHandler,
  createRuntime,
  type Delivery,
  type OutgoingTrigger,
  type Target,
  type TargetUnderTest,
  targetConformance,
} from 'sluice';

const target: Target = {
  name: 'ours',
  send: async (trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery> =>
    signal.aborted || trigger.mode === 'test' ? { ok: false, retry: true, reason: 'later' } : { ok: true },
  close: async () => {},
};
const built: BuiltBundle = await buildBundle('connectors');
if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join());
const sluice = await createRuntime({ bundle: built.bytes, state: 'state', targets: { default: target } });
const ready: boolean = (await sluice.status()).ready;
createServer(createHandler(sluice)).listen(ready ? 0 : 1);
const open = async (): Promise<TargetUnderTest> => ({
  target,
  arrived: async () => [],
  behave: async () => {},
  stalled: async () => {},
  secrets: [],
  close: async () => {},
});
for (const { name, run } of targetConformance(open)) console.log(name, run);
// @ts-expect-error a target acknowledges with more than true
const wrong: Target = { name: 'wrong', send: async () => true, close: async () => {} };
console.log(wrong);
