/**
 * A script process: reads calls from standard input, runs them one after the other, writes replies to standard output.
 * The only module tree that loads isolated-vm. Has an empty environment and ends when its host does.
 */
import { writeFileSync, writeSync } from 'node:fs';
import { encodeFrame, FrameReader } from './frames.ts';
import type { CallHead } from './messages.ts';

/** Resident memory past which the process asks to be replaced: isolates give back only part of what they used. */
const RETIRE_BYTES = 200 * 1024 * 1024;

// A terminal sends these to the whole process group; the host finishes what is in flight first and then ends us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const memoryMb = Number(process.argv[2]);
giveWay();
try {
  const { Sandbox } = await import('./sandbox.ts');
  const sandbox = new Sandbox(memoryMb);
  const reader = new FrameReader();
  process.stdin.on('data', (chunk: Buffer) => {
    const frames = reader.read(chunk);
    if (frames === null) process.exit(1);
    for (const { head, text } of frames) {
      const call = head as CallHead;
      const prepared = sandbox.prepare(call);
      if (prepared === 'source-needed') {
        reply({ status: 'source-needed', id: call.id });
        continue;
      }
      // Without what is done once for each script: it says nothing about how long its calls take.
      const started = threadMs();
      const result = prepared === 'ready' ? sandbox.run(call, text) : prepared;
      const retire = process.memoryUsage.rss() > RETIRE_BYTES;
      reply({ ...result.head, id: call.id, retire, tookMs: threadMs() - started }, result.text);
    }
  });
  process.stdin.on('end', () => process.exit(0));
  // The first run of all is slower than those after it by far; nobody should wait for it.
  sandbox.warmUp();
  reply({ status: 'ready' });
} catch (error) {
  reply({ status: 'broken', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}

/** Where memory runs out, the system ends this process rather than the one that serves. */
function giveWay(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux, or not ours to say.
  }
}

/** Processor time of the thread that runs scripts, in milliseconds: waiting for a processor does not count. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Written at once, whatever the next call does to this process. */
function reply(head: object, text = ''): void {
  const frame = encodeFrame(head, text);
  if (frame === null) throw new Error('a result is bounded below the longest frame');
  for (let offset = 0; offset < frame.length; ) {
    offset += writeSync(1, frame, offset);
  }
}
