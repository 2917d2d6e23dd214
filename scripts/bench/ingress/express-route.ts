import type { AddressInfo } from 'node:net';
import express from 'express';
import { handle } from './hand-written.ts';

const app = express();
let handedOn = 0;
app.post(
  '/c/stripe-payment-failed',
  express.raw({ type: 'application/json', limit: '1mb' }),
  (request, response) => {
    const trigger = handle(request.body as Buffer, request.get('stripe-signature'));
    if (trigger === null) {
      response.status(401).json({ error: 'signature' });
      return;
    }
    handedOn += trigger.length;
    response.status(202).json({ outcome: 'delivered' });
  },
);
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/stripe-payment-failed`);
});
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
