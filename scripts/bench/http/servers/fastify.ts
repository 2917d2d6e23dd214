// The route that people write by hand with Fastify, its body kept raw for the signature.
import fastify from 'fastify';
import { handle } from './hand-written.ts';

let handedOn = 0;
const app = fastify({ bodyLimit: 1024 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/c/stripe-payment-failed', (request, reply) => {
  const trigger = handle(request.body as Buffer, request.headers['stripe-signature'] as string | undefined);
  handedOn += trigger?.length ?? 0;
  if (trigger === null) return reply.code(401).send({ error: 'signature' });
  return reply.code(202).send({ outcome: 'delivered' });
});
const origin = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`${origin}/c/stripe-payment-failed`);
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
