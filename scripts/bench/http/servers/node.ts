// The route that people write by hand with node:http. With --turn it handles what arrived in one turn of the event loop in
// a row, as Sluice does.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRows } from '../../../../src/runtime/ingress/rows.ts';
import { handle } from './hand-written.ts';

const rows = process.argv.includes('--turn') ? createRows() : null;
let handedOn = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const turn = rows?.turn('');
    if (turn !== undefined) await turn;
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    answer(response, handle(body, request.headers['stripe-signature'] as string | undefined));
  });
});
function answer(response: ServerResponse, trigger: string | null): void {
  const body = trigger === null ? '{"error":"signature"}' : '{"outcome":"delivered"}';
  handedOn += trigger?.length ?? 0;
  response.writeHead(trigger === null ? 401 : 202, {
    'content-type': 'application/json',
    'content-length': body.length,
  });
  response.end(body);
}
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/stripe-payment-failed`);
});
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
