// What Linux says about a process and all that it has started.
import { readdirSync, readFileSync } from 'node:fs';

export function treeOf(pid: number): { bytes: number; processes: number } {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  const own = { bytes: Number(kilobytes ?? 0) * 1024, processes: 1 };
  return children
    .map((child) => treeOf(Number(child)))
    .reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, processes: sum.processes + one.processes }), own);
}
