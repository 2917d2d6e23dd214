// A worker: connects to the owner that forked it, keeps one request that pauses, and reports what it knows then.
import { channelOfProcess } from '../../../src/runtime/state/process-channel.ts';
import { connectWorkerState } from '../../../src/runtime/state/worker-state.ts';
import { BEHAVIOUR, CONNECTOR, makeHold } from './example-hold.ts';

const state = await connectWorkerState(channelOfProcess(process));
const kept = await state.keep(makeHold());
process.send?.({ kept, pause: state.pauseOf(CONNECTOR, BEHAVIOUR) });
