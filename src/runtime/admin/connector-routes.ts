/** What is done to one connector: pause, resume, capture, send. */
import { Router } from 'express';
import type { Control } from './control.ts';
import { optional, sample, text, wholeNumber } from './read-fields.ts';
import { serveRoute } from './respond.ts';

/** Longer than that, and nobody waits for the request any more. */
const MAX_CAPTURE_SECONDS = 3600;

const by = text(200);
const reason = optional(text(500));
const seconds = wholeNumber(1, MAX_CAPTURE_SECONDS);

export function connectorRoutes(control: Control): Router {
  const router = Router();
  serveRoute(router, 'POST /connectors/:id/pause', { by, reason }, ({ id, body }) =>
    control.pause(id, body.by, body.reason ?? 'paused by an operator'),
  );
  serveRoute(router, 'POST /connectors/:id/resume', { by }, ({ id, body }) => control.resume(id, body.by));
  serveRoute(router, 'POST /resume', { by }, ({ body }) => control.resumeAll(body.by));
  serveRoute(router, 'POST /connectors/:id/capture', { seconds }, ({ id, body }) =>
    control.openCapture(id, body.seconds),
  );
  serveRoute(router, 'DELETE /connectors/:id/capture', null, ({ id }) => control.closeCapture(id));
  serveRoute(router, 'GET /connectors/:id/capture', null, ({ id }) => control.captureOf(id));
  serveRoute(router, 'POST /connectors/:id/send', { sample, to: optional(text(200)) }, ({ id, body }) =>
    control.send(id, body.sample, body.to),
  );
  return router;
}
