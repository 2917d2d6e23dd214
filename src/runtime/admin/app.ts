/**
 * The admin API over HTTP. In: requests of operators, probes and Prometheus. Out: JSON, or problem details. Health,
 * readiness and metrics are open to whoever reaches the port; everything else needs the token.
 */
import type { RequestListener } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { connectorRoutes } from './connector-routes.ts';
import { type Control, done } from './control.ts';
import { createSiteCheck, createTokenCheck, type GuardOptions } from './guard.ts';
import { heldRoutes } from './held-routes.ts';
import { sendProblem } from './problem.ts';
import { serveRoute } from './respond.ts';

export interface AdminOptions extends GuardOptions {
  readonly control: Control;
  readonly token: string;
  /** Longest body: a sample in JSON text inside JSON. */
  readonly bodyBytes: number;
  /** What is answered below a path before any of this, with a guard of its own. */
  readonly mount?: { readonly path: string; readonly handler: RequestListener };
  /** Hears of bugs. */
  readonly onError: (error: unknown) => void;
}

export function createAdmin({ control, token, bodyBytes, mount, onError, ...guard }: AdminOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  if (mount !== undefined) app.use(mount.path, mount.handler);
  const checkSite = createSiteCheck(guard);
  const isToken = createTokenCheck(token);
  app.use((request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    const problem = checkSite(request.headers.host, request.headers.origin);
    if (problem === null) next();
    else sendProblem(response, problem);
  });

  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.get('/readyz', (_request, response) => {
    const ready = control.isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get('/metrics', async (_request, response) => {
    const { contentType, text } = await control.metrics();
    response.set('Content-Type', contentType).send(text);
  });

  app.use((request, response, next) => {
    if (isToken(request.headers.authorization)) return next();
    response.set('WWW-Authenticate', 'Bearer');
    sendProblem(response, { status: 401, detail: 'send the token of the admin API as a bearer token' });
  });
  // Only after the token: nobody else gets a body parsed.
  app.use(express.json({ limit: bodyBytes }));
  serveRoute(app, 'GET /status', null, async () => done(await control.status()));
  serveRoute(app, 'GET /fleet', null, () => control.fleet());
  app.use(connectorRoutes(control));
  app.use(heldRoutes(control));
  app.use((request, response) =>
    sendProblem(response, { status: 404, detail: `${request.method} ${request.path} does not exist` }),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status = 500, type } = error as { status?: number; type?: string };
    if (status >= 500) onError(error);
    sendProblem(response, {
      status,
      detail: BODY_PROBLEMS[type ?? ''] ?? 'the request failed; the log says more',
    });
  });
  return app;
}

/** What express.json calls its refusals. */
const BODY_PROBLEMS: Readonly<Record<string, string>> = {
  'entity.too.large': 'the body is too large',
  'entity.parse.failed': 'the body is not JSON',
  'encoding.unsupported': 'send the body without content-encoding',
  'charset.unsupported': 'send the body in UTF-8',
  'request.aborted': 'the request was not sent to its end',
};
