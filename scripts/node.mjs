// Runs a script on Node 24 or later: `node scripts/node.mjs <script> [arguments]`. In: any Node from 18 on. Out: the
// script's own streams, signals and exit code. npm 11 links the pinned Node to node_modules/.bin/node, where npm run finds
// it, but npm 10 (which Node 20 comes with) loses that link when it skips the binary package for the other CPU.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const isCurrent = Number.parseInt(process.versions.node, 10) >= 24;
const pinned = `node-${process.platform}-${process.arch}`;
const node = isCurrent
  ? process.execPath
  : fileURLToPath(new URL(`../node_modules/${pinned}/bin/node`, import.meta.url));

if (existsSync(node)) {
  // First on the PATH too, for the commands that the script starts by name.
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  const child = spawn(node, process.argv.slice(2), { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to the script as well; anything else reaches only this process.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
} else {
  console.error(
    `Node ${process.versions.node} is too old and "${pinned}" is not installed; use Node 24 or later`,
  );
  process.exitCode = 1;
}
