/** The calls of the page: each with its fields, and the function that it is. */
import { type Field, type Fields, optional, readFields } from '../runtime/admin/read-fields.ts';
import type { Call } from './api.ts';
import { type Answer, refused } from './calls/answer.ts';
import { draft } from './calls/draft.ts';
import { open, save } from './calls/files.ts';
import { list } from './calls/list.ts';
import { edits, name, textsByPath, writes } from './fields.ts';
import type { Workspace } from './workspace.ts';

type Runs = (workspace: Workspace, body: unknown) => Promise<Answer<object>> | Answer<object>;

/** A call whose body has these fields. */
function define<const Shape extends Readonly<Record<string, Field<unknown>>>>(
  shape: Shape,
  run: (workspace: Workspace, body: Fields<Shape>) => Promise<Answer<object>> | Answer<object>,
): Runs {
  return (workspace, body) => {
    const read = readFields(body, shape);
    return read.ok ? run(workspace, read.value) : refused(400, read.detail);
  };
}

const CALLS: Readonly<Record<Call, Runs>> = {
  list: define({}, list),
  open: define({ name }, open),
  draft: define({ name, texts: textsByPath, edits: optional(edits) }, draft),
  save: define({ name, writes }, save),
};

/** undefined: there is no such call. */
export function findCall(called: string): Runs | undefined {
  return Object.hasOwn(CALLS, called) ? CALLS[called as Call] : undefined;
}
