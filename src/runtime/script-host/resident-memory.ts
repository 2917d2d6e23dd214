/** How much memory a process holds, asked from outside: a process that is stuck cannot say so itself. */
import { readFileSync } from 'node:fs';

/** Bytes; null where the platform has no /proc, or the process is gone. */
export function residentBytes(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    return null;
  }
}
