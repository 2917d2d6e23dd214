/** A folder with one connector of orders and the cases of a test, and the command line run in it. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { ExitCode } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';

export const CONNECTOR = `apiVersion: sluice/v1
id: orders
actionFlow: F1
status: live
samples: [paid.json, unnamed.json]
when:
  - { path: $.kind, equals: order.paid }
testWhen: { path: $.test, equals: true }
mapping:
  targetUserIds: $.customer.id
  variables:
    order: $.order
    name: { path: [$.customer.name, $.customer.nick], default: you }
idempotency: { path: $.id }
security:
  allowIps: [203.0.113.0/24]
  signature:
    preset: stripe
    sharedSecret: { env: SLUICE_SECRET_ORDERS }
`;
const PAID =
  '{ "id": "e1", "kind": "order.paid", "order": 7, "test": false, "customer": { "id": "u1", "name": "Ada" } }';
const UNNAMED =
  '{ "id": "e2", "kind": "order.paid", "order": 8, "test": false, "customer": { "id": "u2", "nick": "Bo" } }';

export interface OrdersWorkspace {
  readonly folder: string;
  /** Paths below connectors/orders. */
  write(path: string, text: string): void;
  read(path: string): string;
  sluice(...args: string[]): Promise<{ code: ExitCode; out: string; err: string }>;
}

/** `cases` is the text of cases/events.yaml; `terminal`: standard output is one. */
export function makeOrders(
  cases: string,
  { env = {}, terminal = false }: { env?: Record<string, string>; terminal?: boolean } = {},
): OrdersWorkspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-cases-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = (path: string): string => join(folder, 'connectors/orders', path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(place(path)), { recursive: true });
    writeFileSync(place(path), text);
  };
  write('connector.yaml', CONNECTOR);
  write('paid.json', PAID);
  write('unnamed.json', UNNAMED);
  write('cases/events.yaml', cases);
  return {
    folder,
    write,
    read: (path) => readFileSync(place(path), 'utf8'),
    async sluice(...args) {
      let [out, err] = ['', ''];
      const sink = (keep: (text: string) => void): Writable =>
        new Writable({
          write(chunk, _encoding, next) {
            keep(String(chunk));
            next();
          },
        });
      const code = await runProgram(args, {
        stdout: Object.assign(
          sink((text) => {
            out += text;
          }),
          { isTTY: terminal },
        ),
        stderr: sink((text) => {
          err += text;
        }),
        env,
        cwd: folder,
      });
      return { code, out, err };
    },
  };
}
