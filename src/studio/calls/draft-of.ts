/** A connector with the texts that are not saved, compiled: what most calls begin with. */
import type { ConnectorLocation } from '../../compiler/load.ts';
import { type CompiledDraft, compileDraft } from '../../workbench/draft/compile-draft.ts';
import type { RedactContext } from '../../workbench/samples/redact/redact-request.ts';
import { redactContextOf } from '../../workbench/samples/redact-context.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { displayOf, locate } from './locations.ts';

export interface LocatedDraft extends CompiledDraft {
  readonly location: ConnectorLocation;
}

export interface DraftBody {
  readonly name: string;
  /** By path. */
  readonly texts: Readonly<Record<string, string>>;
}

export async function draftOf(
  workspace: Workspace,
  { name, texts }: DraftBody,
): Promise<Answer<LocatedDraft>> {
  const location = locate(workspace, name);
  if (location === null)
    return refused(404, `there is no connector "${name}" here, and it is no name for one`);
  const compiled = await compileDraft(location, displayed(location, texts), workspace.scripts);
  return answered({ ...compiled, location });
}

export function displayed(
  location: ConnectorLocation,
  texts: DraftBody['texts'],
): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts).map(([path, text]) => [displayOf(location, path), text]));
}

/** Samples that are not saved are in no repository: what they say is no reason to keep it. null: the file has errors. */
export function redactContextOfDraft(
  { connector }: LocatedDraft,
  { texts }: DraftBody,
): RedactContext | null {
  const context = redactContextOf(connector);
  const isNew = Object.keys(texts).some((path) => path.startsWith('samples/'));
  return context === null || !isNew ? context : { ...context, isKnownNew: true };
}
