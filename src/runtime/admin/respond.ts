/** Between Express and the control: reads the fields of a body, and answers with what became of it. */
import type { Request, Response, Router } from 'express';
import type { AnswerTo, BodyOf, Route } from '../../admin-api/routes.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { Done } from './control.ts';
import { sendProblem } from './problem.ts';
import { type Field, readFields } from './read-fields.ts';

/** How each field of a route's body is read. */
export type BodyFields<R extends Route> = {
  readonly [Name in keyof BodyOf<R>]-?: Field<BodyOf<R>[Name]>;
};

interface Call<R extends Route> {
  /** The id in the path; empty where the route has none. */
  readonly id: string;
  readonly body: BodyOf<R>;
  readonly query: Request['query'];
  readonly request: Request;
  readonly response: Response;
}

/** `done` null: the handler has answered itself. A route whose body has fields names them. */
export function serveRoute<R extends Route>(
  router: Router,
  route: R,
  fields: BodyOf<R> extends undefined ? null : BodyFields<R>,
  handle: (call: Call<R>) => Promise<Done<AnswerTo<R>> | null>,
): void {
  const [method = '', path = ''] = route.split(' ');
  router[method.toLowerCase() as 'get' | 'post' | 'delete'](path, async (request, response) => {
    const body = fields === null ? undefined : bodyOf(request, response, fields);
    if (body === null) return;
    const { params, query } = request;
    const { id = '' } = params as { id?: string };
    const done = await handle({ id, body: body as BodyOf<R>, query, request, response });
    if (done !== null) answer(response, done);
  });
}

/** The fields of a JSON body, or null when the refusal has been answered already. */
function bodyOf(
  request: Request,
  response: Response,
  fields: Readonly<Record<string, Field<unknown>>>,
): unknown {
  // What is not sent as JSON is not parsed: a form of another site can send text, but not this type.
  if (request.body === undefined) {
    sendProblem(response, { status: 415, detail: 'send a JSON object with content-type: application/json' });
    return null;
  }
  const read = readFields(request.body, fields);
  if (read.ok) return read.value;
  sendProblem(response, { status: 400, detail: read.detail });
  return null;
}

function answer(response: Response, done: Done<object>): void {
  // Triggers and samples may hold integers past 2^53, which express would refuse to write.
  if (done.ok) response.type('json').send(stringifyJson(done.value));
  else sendProblem(response, done.problem);
}
