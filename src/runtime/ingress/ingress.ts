/**
 * The ingress as an Express application: the webhook handler, and an answer for everything else. Others mount the
 * handler alone in an application of their own (webhook-handler.ts); `serve` listens with this one.
 */

import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { rejected } from '../pipeline/admission.ts';
import { answerOf } from './answer.ts';
import { sendAnswer } from './send-answer.ts';
import { createWebhookHandler, type IngressDeps } from './webhook-handler.ts';

export function createIngress(deps: IngressDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  const handle = createWebhookHandler(deps);
  // Not a route: Express would decode the path, and one connector would have many URLs.
  app.use((request, response) => handle(request, response));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    deps.onError?.(error);
    sendAnswer(response, answerOf(rejected(randomUUID(), null, 'internal-error')));
  });
  return app;
}
