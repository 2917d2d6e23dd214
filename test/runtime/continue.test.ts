// A sender that asks before it sends its body (RFC 9110 10.1.1).
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, type Running } from './running.ts';

let folder: Folder;
let running: Running;
beforeEach(async () => {
  folder = new Folder();
  running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
});
afterEach(() => folder.remove());

/** The first line that comes back, before any of the body is sent. */
async function ask(path: string, length: number): Promise<string> {
  const { port } = new URL(running.runtime.ingressUrl);
  const socket = connect(Number(port), '127.0.0.1');
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n`;
  socket.write(`${head}Content-Length: ${length}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('latin1').split('\r\n', 1)[0] as string;
}

test.each([
  ['a body that is wanted', '/c/one', 2, 'HTTP/1.1 100 Continue'],
  ['a connector that is unknown', '/c/none', 2, 'HTTP/1.1 404 Not Found'],
  ['a body that is too large', '/c/one', 64 * 1024 * 1024, 'HTTP/1.1 413 Payload Too Large'],
  ['another page', '/elsewhere', 2, 'HTTP/1.1 404 Not Found'],
] as const)('a body is asked for, or not: %s', async (_, path, length, line) => {
  expect(await ask(path, length)).toBe(line);
});
