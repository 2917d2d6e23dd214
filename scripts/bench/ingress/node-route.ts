import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handle } from './hand-written.ts';

let handedOn = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const trigger = handle(body, request.headers['stripe-signature'] as string | undefined);
    const answer = trigger === null ? '{"error":"signature"}' : '{"outcome":"delivered"}';
    handedOn += trigger?.length ?? 0;
    response.writeHead(trigger === null ? 401 : 202, {
      'content-type': 'application/json',
      'content-length': answer.length,
    });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/stripe-payment-failed`);
});
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
