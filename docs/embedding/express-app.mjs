// An Express application of your own, with its routes, body parser and logger, that takes webhooks too. What Sluice adds
// is marked. Run: npx sluice build && node express-app.mjs
import express from 'express';
import pino from 'pino';
import { createMiddleware, createRuntime } from 'sluice';

const logger = pino();
const app = express();

// Sluice, from here
const sluice = await createRuntime({
  bundle: 'dist/bundle.json',
  state: '.sluice/state',
  targets: { default: { name: 'ours', send: startFlow, close: async () => {} } },
  log: { write: (line) => logger.info({ sluice: JSON.parse(line) }) },
});
app.use(createMiddleware(sluice)); // before body parsers, as signatures cover the bytes as sent
// to here

app.use(express.json());
app.use((request, _response, next) => {
  logger.info({ method: request.method, url: request.url });
  next();
});
app.post('/orders', (request, response) => response.json({ got: request.body }));

/** Your own way to start a flow: ok only once it is durable on the other side. */
async function startFlow({ actionFlow, trigger }) {
  logger.info({ actionFlow, users: trigger.targetUserIds }, 'a flow starts');
  return { ok: true };
}

const server = app.listen(Number(process.env.PORT ?? 3000), () =>
  console.log(`listening on ${server.address().port}`),
);
process.once('SIGTERM', () => server.close(() => sluice.close().then(() => process.exit(0))));
