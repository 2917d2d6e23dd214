/** How much memory a script process holds, asked from outside, and may hold: one that is stuck cannot say so itself. */
import { readFileSync } from 'node:fs';

/** Memory of a process that runs nothing large, but may have: it is replaced past 200 MB. */
const BASE_BYTES = 264 * 1024 * 1024;
/** What one script may come to overshoot its limit before the engine notices. */
const OVERSHOOT = 3;

export function mostBytes(memoryMb: number): number {
  return BASE_BYTES + OVERSHOOT * memoryMb * 1024 * 1024;
}

/** Bytes; null where the platform has no /proc, or the process is gone. */
export function residentBytes(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    return null;
  }
}
