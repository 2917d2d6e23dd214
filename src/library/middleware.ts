/**
 * How webhooks get from a program's own server to its runtime: below Express, node:http or Fastify. What does not go to /c/
 * is left to the program. Mounted before everything that reads bodies, as signatures cover the bytes as sent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmbeddedRuntime } from './runtime.ts';

type Handled = Pick<EmbeddedRuntime, 'handle'>;

/** For `app.use`, before body parsers; below a path of its own too. */
export function createMiddleware(
  runtime: Handled,
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  return (request, response, next) => {
    runtime.handle(request, response, () => next()).catch(next);
  };
}

/** For `http.createServer`. `rest` answers what is no webhook; without it that is 404. */
export function createHandler(
  runtime: Handled,
  rest?: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const next = rest === undefined ? undefined : () => rest(request, response);
    runtime.handle(request, response, next).catch((error: unknown) => response.destroy(error as Error));
  };
}

/** What is used of a Fastify request and reply. */
interface FastifyPair {
  readonly request: { readonly raw: IncomingMessage };
  readonly reply: { readonly raw: ServerResponse; hijack(): unknown };
}

/** For `fastify.addHook('onRequest', ...)`: hooks come before routes and body parsers. */
export function createFastifyHook(
  runtime: Handled,
): (request: FastifyPair['request'], reply: FastifyPair['reply'], done: (error?: Error) => void) => void {
  return (request, reply, done) => {
    // Whatever is not left to Fastify is answered here.
    let isLeft = false;
    const leave = (): void => {
      isLeft = true;
      done();
    };
    const handling = runtime.handle(request.raw, reply.raw, leave);
    // The handler decides whose request it is before it waits for anything.
    if (!isLeft) reply.hijack();
    handling.catch((error: unknown) => {
      if (isLeft) done(error as Error);
      else reply.raw.destroy(error as Error);
    });
  };
}
