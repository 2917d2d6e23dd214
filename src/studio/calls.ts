/** The calls of the page: each with its fields, and the function that it is. */
import {
  type Field,
  type Fields,
  flag,
  optional,
  readFields,
  text,
  wholeNumber,
} from '../runtime/admin/read-fields.ts';
import type { Call } from './api.ts';
import { type Answer, refused } from './calls/answer.ts';
import { compare } from './calls/compare.ts';
import { complete } from './calls/complete.ts';
import { create } from './calls/create.ts';
import { draft } from './calls/draft.ts';
import { open, save } from './calls/files.ts';
import { discard, held, hold, learn, pause, replay, resume } from './calls/held.ts';
import { list } from './calls/list.ts';
import { mend } from './calls/mend.ts';
import { capture, paste, redact } from './calls/samples.ts';
import { presets, security, shipped } from './calls/security.ts';
import { cases, send } from './calls/trial.ts';
import { anyText, edits, manyTexts, name, oneOf, textsByPath, writes } from './fields.ts';
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
  presets: define({}, presets),
  shipped: define({ preset: text(100) }, shipped),
  create: define(
    {
      name,
      actionFlow: text(128),
      description: optional(anyText),
      owner: optional(anyText),
      preset: optional(text(100)),
      header: optional(text(100)),
      urlKey: optional(flag),
      sample: optional(anyText),
      event: optional(text(200)),
    },
    create,
  ),
  paste: define({ text: anyText }, paste),
  capture: define({ name, seconds: optional(wholeNumber(1, 3600)) }, capture),
  redact: define({ name, texts: textsByPath, sample: anyText, keep: manyTexts }, redact),
  security: define({ name, texts: textsByPath }, security),
  send: define({ name, sample: anyText, to: optional(anyText), how: oneOf('card', 'signed') }, send),
  cases: define({ name, texts: textsByPath }, cases),
  compare: define({ name }, compare),
  complete: define({ name, texts: textsByPath, offset: wholeNumber(0, 1_000_000) }, complete),
  held: define({ name }, held),
  hold: define({ id: text(100) }, hold),
  learn: define({ name, texts: textsByPath, id: text(100), keep: manyTexts }, learn),
  mend: define({ name, texts: textsByPath }, mend),
  pause: define({ name, reason: text(500) }, pause),
  resume: define({ name }, resume),
  replay: define({ ids: manyTexts, dryRun: flag }, replay),
  discard: define({ ids: manyTexts }, discard),
};

/** undefined: there is no such call. */
export function findCall(called: string): Runs | undefined {
  return Object.hasOwn(CALLS, called) ? CALLS[called as Call] : undefined;
}
