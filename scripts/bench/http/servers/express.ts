// The route that people write by hand with Express. With --log it writes a line with pino, with --post URL it posts what it
// picked, on kept connections: as production would.
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import express from 'express';
import { destination, pino } from 'pino';
import { Pool } from 'undici';
import { handle } from './hand-written.ts';

const { values } = parseArgs({
  options: { log: { type: 'boolean', default: false }, post: { type: 'string' } },
});
// As `serve` writes its own: to standard error, here, as standard output says where this listens.
const log = pino({ enabled: values.log }, destination({ dest: 2, sync: false, minLength: 4096 }));
const sink = values.post === undefined ? null : new URL(values.post);
const pool = sink === null ? null : new Pool(sink.origin, { connections: 64 });

const app = express();
let handedOn = 0;
app.post(
  '/c/stripe-payment-failed',
  express.raw({ type: 'application/json', limit: '1mb' }),
  async (request, response) => {
    const started = performance.now();
    const trigger = handle(request.body as Buffer, request.get('stripe-signature'));
    const status = trigger === null ? 401 : 202;
    if (trigger !== null && pool !== null) {
      const headers = { 'content-type': 'application/json' };
      const { body } = await pool.request({
        path: sink?.pathname ?? '/',
        method: 'POST',
        headers,
        body: trigger,
      });
      await body.dump();
    }
    handedOn += trigger?.length ?? 0;
    if (trigger === null) response.status(status).json({ error: 'signature' });
    else response.status(status).json({ outcome: 'delivered' });
    log.info({ status, latencyMs: performance.now() - started }, 'request');
  },
);
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/stripe-payment-failed`);
});
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
