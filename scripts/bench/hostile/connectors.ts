// A bundle of well-behaved neighbours, structured and with scripts, and of connectors whose scripts are hostile where the
// request says so. Each round has hostile connectors of its own: those of the round before rest, as they had to be stopped.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBundle } from '../../../src/bundle/codec.ts';
import type { ConnectorPlan } from '../../../src/bundle/plan.ts';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import { createScriptHost } from '../../../src/runtime/script-host/host.ts';
import { HOSTILE_BODIES } from '../../../test/runtime/script-host/hostile-scripts.ts';

export const NEIGHBOURS = ['structured', 'script'] as const;
export type Neighbour = (typeof NEIGHBOURS)[number];
export const NEIGHBOURS_OF_A_KIND = 3;

/** These are stopped and then rest. */
const STOPPED = Object.fromEntries(
  Object.values(HOSTILE_BODIES).map(([body], index) => [`h${index}`, body] as const),
);
/** These stay within every limit and keep the processors busy: nothing ever makes them rest. */
const BUSY = Object.fromEntries(
  [20, 100, 400].map((ms) => [
    `busy${ms}`,
    `let n = 0; for (let i = 0; i < ${ms}e5 * 6; i += 1) n = (n * 31 + i) | 0; request.body.note = String(n)`,
  ]),
);
export const BUSY_NAMES = Object.keys(BUSY);
export const STOPPED_NAMES = Object.keys(STOPPED);
/** Every hostile script. */
export const SETTLING = [...STOPPED_NAMES, ...BUSY_NAMES];

const SCRIPT_MAPPING = '{ script: mapping.js }';
const GOOD = 'return { targetUserIds: [request.body.user], variables: { note: request.body.note } };';

/** Gives the path of the bundle. */
export async function writeHostileBundle(folder: string, rounds: number): Promise<string> {
  const connectors = join(folder, 'connectors');
  write(connectors, 'structured', '{ targetUserIds: $.user, variables: { note: $.note } }');
  write(connectors, 'script', SCRIPT_MAPPING, GOOD);
  for (const [name, body] of Object.entries({ ...STOPPED, ...BUSY })) {
    // What throws inside of it goes to the operator, as does what it returns.
    write(connectors, name, SCRIPT_MAPPING, `if (request.body.attack) { ${body} }\n  ${GOOD}`);
  }
  const scripts = createScriptHost();
  const compiled = await compileConnectors({ folder: connectors, cwd: folder, scripts });
  await scripts.close();
  const plans = compiled.connectors.flatMap(({ id, plan }) => {
    if (plan === null) throw new Error(`${id}: ${JSON.stringify(compiled.diagnostics.slice(0, 9))}`);
    const ids = (NEIGHBOURS as readonly string[]).includes(id)
      ? Array.from({ length: NEIGHBOURS_OF_A_KIND }, (_, index) => `${id}-${index}`)
      : ['settling', ...Array.from({ length: rounds }, (_, round) => `round${round}`)].map(
          (of) => `${of}-${id}`,
        );
    return ids.map((one): ConnectorPlan => ({ ...plan, id: one }));
  });
  const path = join(folder, 'bundle.json');
  writeFileSync(path, encodeBundle(plans, { revision: 'bench', sequence: 1, tool: 'bench' }));
  return path;
}

function write(connectors: string, id: string, mapping: string, script?: string): void {
  const folder = join(connectors, id);
  mkdirSync(folder, { recursive: true });
  const yaml = `apiVersion: sluice/v1
id: ${id}
actionFlow: F1
status: live
samples: [one.json, two.json]
mapping: ${mapping}
idempotency: { path: $.id }
# Only the script host may make them stop.
shape: { pauseAfter: 1000 }
security: { unauthenticated: a benchmark on this machine alone }
`;
  writeFileSync(join(folder, 'connector.yaml'), yaml);
  for (const [file, user] of [
    ['one.json', 'u1'],
    ['two.json', 'u2'],
  ] as const) {
    writeFileSync(
      join(folder, file),
      JSON.stringify({ id: file, user, note: 'x'.repeat(1000), attack: false }),
    );
  }
  if (script === undefined) return;
  writeFileSync(join(folder, 'mapping.js'), `export default function map(request) {\n  ${script}\n}\n`);
}
