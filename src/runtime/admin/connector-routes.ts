/** What is done to one connector: pause, resume, capture, send. */
import { Router } from 'express';
import type { Control } from './control.ts';
import { optional, sample, text, wholeNumber } from './read-fields.ts';
import { answer, fieldsOf } from './respond.ts';

/** Longer than that, and nobody waits for the request any more. */
const MAX_CAPTURE_SECONDS = 3600;

const by = text(200);

export function connectorRoutes(control: Control): Router {
  const router = Router();
  router.post('/connectors/:id/pause', async (request, response) => {
    const fields = fieldsOf(request, response, { by, reason: optional(text(500)) });
    if (fields === null) return;
    answer(
      response,
      await control.pause(request.params.id, fields.by, fields.reason ?? 'paused by an operator'),
    );
  });
  router.post('/connectors/:id/resume', async (request, response) => {
    const fields = fieldsOf(request, response, { by });
    if (fields !== null) answer(response, await control.resume(request.params.id, fields.by));
  });
  router.post('/resume', async (request, response) => {
    const fields = fieldsOf(request, response, { by });
    if (fields !== null) answer(response, await control.resumeAll(fields.by));
  });
  router.post('/connectors/:id/capture', async (request, response) => {
    const fields = fieldsOf(request, response, { seconds: wholeNumber(1, MAX_CAPTURE_SECONDS) });
    if (fields !== null) answer(response, await control.openCapture(request.params.id, fields.seconds));
  });
  router.delete('/connectors/:id/capture', async (request, response) =>
    answer(response, await control.closeCapture(request.params.id)),
  );
  router.get('/connectors/:id/capture', async (request, response) =>
    answer(response, await control.captureOf(request.params.id)),
  );
  router.post('/connectors/:id/send', async (request, response) => {
    const fields = fieldsOf(request, response, { sample, to: optional(text(200)) });
    if (fields !== null) answer(response, await control.send(request.params.id, fields.sample, fields.to));
  });
  return router;
}
