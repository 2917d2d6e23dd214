/** Between Express and the control: reads the fields of a body, and answers with what became of it. */
import type { Request, Response } from 'express';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { Done } from './control.ts';
import { sendProblem } from './problem.ts';
import { type Field, type Fields, readFields } from './read-fields.ts';

/** The fields of a JSON body, or null when the refusal has been answered already. */
export function fieldsOf<const Shape extends Readonly<Record<string, Field<unknown>>>>(
  request: Request,
  response: Response,
  shape: Shape,
): Fields<Shape> | null {
  // What is not sent as JSON is not parsed: a form of another site can send text, but not this type.
  if (request.body === undefined) {
    sendProblem(response, { status: 415, detail: 'send a JSON object with content-type: application/json' });
    return null;
  }
  const read = readFields(request.body, shape);
  if (read.ok) return read.value;
  sendProblem(response, { status: 400, detail: read.detail });
  return null;
}

export function answer(response: Response, done: Done<object>): void {
  // Triggers and samples may hold integers past 2^53, which express would refuse to write.
  if (done.ok) response.type('json').send(stringifyJson(done.value));
  else sendProblem(response, done.problem);
}
