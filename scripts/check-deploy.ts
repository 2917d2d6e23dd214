// In: the systemd unit and the alert rules under docs/deploy. Out: one line for each check by the tool that will read the
// file in a deployment; exit 1 if one fails. Where a tool is not there, says so and goes on, except in CI.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { type DebianTool, findTool } from './debian-tool.ts';

const root = join(import.meta.dirname, '..');
const rules = join(root, 'docs/deploy/prometheus/sluice.rules.yaml');
const scratch = mkdtempSync(join(tmpdir(), 'sluice-unit-'));
const unit = join(scratch, 'sluice.service');
// systemd wants the program to exist; Node is not everywhere where Debian puts it.
const service = readFileSync(join(root, 'docs/deploy/systemd/sluice.service'), 'utf8');
writeFileSync(unit, service.replace('/usr/bin/node', process.execPath));

/** systemd's own measure of what a service could do to the machine, of 10, times 10: below 2 is what it calls OK. */
const MAX_EXPOSURE = 20;

const PROMTOOL: DebianTool = { command: 'promtool', package: 'prometheus', by: 'extract' };
const SYSTEMD: DebianTool = { command: 'systemd-analyze', package: 'systemd', by: 'install' };

const checks: readonly (readonly [tool: DebianTool, ...args: string[]])[] = [
  [PROMTOOL, 'check', 'rules', rules],
  [PROMTOOL, 'test', 'rules', join(root, 'test/deploy/alerts.yaml')],
  [SYSTEMD, 'verify', unit],
  [SYSTEMD, 'security', '--offline=true', `--threshold=${MAX_EXPOSURE}`, unit],
];

let failed = 0;
for (const [tool, ...args] of checks) {
  const what = [tool.command, ...args.map((arg) => (arg.startsWith(sep) ? basename(arg) : arg))].join(' ');
  const path = findTool(tool);
  if (path === null) {
    const isCi = process.env.CI === 'true';
    if (isCi) failed += 1;
    console.log(
      `${isCi ? 'FAIL' : 'skipped:'} ${what}: there is no ${tool.command} here; Debian has it in "${tool.package}"`,
    );
    continue;
  }
  const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' });
  // `verify` warns of a misspelt setting and exits with 0.
  const isFine = status === 0 && (tool !== SYSTEMD || stderr === '');
  console.log(`${isFine ? 'ok  ' : 'FAIL'} ${what}`);
  if (!isFine) {
    failed += 1;
    console.log(`${stdout}${stderr}`);
  }
}
rmSync(scratch, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;
