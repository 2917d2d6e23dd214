// A Fastify application of your own, with its routes, body parser and logger, that takes webhooks too. What Sluice adds
// is marked. Run: npx sluice build && node fastify-app.mjs
import Fastify from 'fastify';
import { createFastifyHook, createRuntime } from 'sluice';

const app = Fastify({ logger: true });

// Sluice, from here
const sluice = await createRuntime({
  bundle: 'dist/bundle.json',
  state: '.sluice/state',
  targets: { default: { name: 'ours', send: startFlow, close: async () => {} } },
  log: { write: (line) => app.log.info({ sluice: JSON.parse(line) }) },
});
app.addHook('onRequest', createFastifyHook(sluice));
app.addHook('onClose', () => sluice.close());
// to here

app.post('/orders', async (request) => ({ got: request.body }));

/** Your own way to start a flow: ok only once it is durable on the other side. */
async function startFlow({ actionFlow, trigger }) {
  app.log.info({ actionFlow, users: trigger.targetUserIds }, 'a flow starts');
  return { ok: true };
}

await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`listening on ${app.server.address().port}`);
process.once('SIGTERM', () => app.close().then(() => process.exit(0)));
