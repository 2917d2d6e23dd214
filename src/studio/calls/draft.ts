/** The call `draft`: what texts that are not saved would do. Everything is computed by the workbench, nothing written. */
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import { insertAt, removeAt, setAt, type YamlEdit } from '../../compiler/edit/edit-at.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { diffTexts } from '../../workbench/cases/unified-diff.ts';
import { type CompiledDraft, compileDraft } from '../../workbench/draft/compile-draft.ts';
import { kindOfFile } from '../../workbench/draft/own-files.ts';
import { describeProof } from '../../workbench/preview/describe-proof.ts';
import { type Preview, previewConnector } from '../../workbench/preview/preview.ts';
import type { DraftAnswer, DraftRequest, FileChange, PageEdit } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import { pagePreview } from '../page-preview.ts';
import { pageProblem } from '../page-problem.ts';
import { pageProperties } from '../page-properties.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { displayed } from './draft-of.ts';
import { locate, pathsOf } from './locations.ts';

export async function draft(
  workspace: Workspace,
  { name, texts, edits = [] }: DraftRequest,
): Promise<Answer<DraftAnswer>> {
  const location = locate(workspace, name);
  if (location === null)
    return refused(404, `there is no connector "${name}" here, and it is no name for one`);
  const files = new ConnectorFiles(location, displayed(location, texts));
  const content = files.readConnector();
  const edited = applyEdits(content.ok ? content.text : '', edits);
  const all = { ...texts, ...(edits.length > 0 && { [location.fileName]: edited.text }) };
  const compiled = await compileDraft(location, displayed(location, all), workspace.scripts);
  const shown = await previewConnector(compiled.connector, workspace.scripts);
  const pathOf = pathsOf(location);
  return answered({
    text: edited.text,
    value: withoutBigints(compiled.document?.value ?? null),
    refused: edited.refused,
    problems: compiled.diagnostics.map((one) => pageProblem(one, compiled, pathOf)),
    samples: shown === null ? [] : pagePreview(shown, location.display, pathOf),
    ...pageProperties(compiled.connector),
    changes: changesOf(location, all, compiled),
    facts: shown === null ? [] : factsOf(shown),
  });
}

/** One after the other; what cannot be edited leaves the text as it is. */
function applyEdits(text: string, edits: readonly PageEdit[]): { text: string; refused: string | null } {
  let current = text;
  for (const edit of edits) {
    const edited = applyEdit(current, edit);
    if (!edited.ok) return { text: current, refused: edited.message };
    current = edited.text;
  }
  return { text: current, refused: null };
}

function applyEdit(text: string, edit: PageEdit): YamlEdit {
  switch (edit.kind) {
    case 'remove':
      return removeAt(text, edit.pointer);
    case 'insert':
      return insertAt(text, edit.pointer, edit.index, edit.value);
    case 'set': {
      if ('value' in edit) return setAt(text, edit.pointer, edit.value);
      const { document, diagnostics } = parseYaml(new SourceFile('', edit.yaml));
      if (document === null) return { ok: false, message: diagnostics[0]?.message ?? 'this is no value' };
      return setAt(text, edit.pointer, document.value);
    }
  }
}

function changesOf(
  location: ConnectorLocation,
  texts: Readonly<Record<string, string>>,
  { connector }: CompiledDraft,
): readonly FileChange[] {
  const mapping = connector.spec?.mapping;
  const script = typeof mapping === 'object' && 'script' in mapping ? String(mapping.script) : null;
  const files = new ConnectorFiles(location);
  return Object.entries(texts).flatMap(([path, text]) => {
    const kind = kindOfFile(location, path, script);
    const content = kind === null ? null : files.read(kind, path);
    const before = content?.ok ? content.text : '';
    if (before === text) return [];
    const lines = diffTexts(before, text);
    const count = (mark: string): number => lines.filter((line) => line.mark === mark).length;
    const shown = lines.map(({ mark, text: line }) => ({ mark, text: escapeText(line) }));
    return [{ path, added: count('+'), removed: count('-'), lines: shown }];
  });
}

function factsOf(preview: Preview): readonly string[] {
  const list = (paths: readonly string[]): string => paths.join(', ');
  return [
    `Proven by each request: ${describeProof(preview)}.`,
    ...(preview.required.length > 0 ? [`A missing one pauses at once: ${list(preview.required)}.`] : []),
    ...(preview.expected.length > 0 ? [`Several missing in a row pause: ${list(preview.expected)}.`] : []),
    ...(preview.optional.length > 0 ? [`May be missing: ${list(preview.optional)}.`] : []),
  ];
}

/** JSON has no such numbers; a form shows all their digits as text. */
function withoutBigints(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutBigints(one)]));
}
