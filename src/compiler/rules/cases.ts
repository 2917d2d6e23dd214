/** Rule: case files are what their schema says, and the files and samples they name exist. Adds the cases to the draft. */
import { quote } from '../../diagnostics/printable.ts';
import type { SourceFile } from '../../diagnostics/source.ts';
import { didYouMean, suggestSurely } from '../../diagnostics/suggest.ts';
import type { Case, CaseFile } from '../../generated/case.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { pointerTo, replaceBy } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftCase } from '../draft.ts';
import { prepareFix } from '../fix/prepare-fix.ts';
import { type ParsedDocument, parseYaml } from '../parse.ts';
import { findSchemaProblems } from './schema.ts';

export function checkCases(draft: ConnectorDraft): void {
  const { paths, problem } = draft.files.listCases();
  if (problem !== null) {
    draft.reportAt(problem.code, problem.message, draft.files.source('case', 'cases').span(0, 0));
  }
  draft.parts.cases = paths.flatMap((path) => readCases(draft, path));
}

function readCases(draft: ConnectorDraft, path: string): readonly DraftCase[] {
  const content = draft.files.read('case', path);
  const source = draft.files.source('case', path);
  if (!content.ok) {
    draft.reportAt(content.code, content.message, source.span(0, 0));
    return [];
  }
  const { document, diagnostics } = parseYaml(source);
  draft.diagnostics.push(...diagnostics);
  if (document === null) return [];
  const problems = findSchemaProblems('case', document.value);
  for (const problem of problems) {
    const { pointer, part, message, note, isExplained } = problem;
    if (isExplained) continue;
    const notes = note === undefined ? [] : [{ message: note.message, span: document.spanOf(note.pointer) }];
    const fix = prepareFix(problem, part, document, source);
    draft.reportAt('case-invalid', message, document.spanOf(pointer, part), notes, fix);
  }
  if (problems.length > 0) return [];
  const file = document.value as unknown as CaseFile;
  const cases = (Array.isArray(file) ? file : [file]) as readonly Case[];
  return cases.map((one, index) => {
    const pointer = Array.isArray(file) ? `/${index}` : '';
    checkReferences(draft, one, document, source, `${pointer}/request`);
    const { line, column } = document.spanOf(pointer);
    return { file: source.path, pointer, line, column, note: one.note, case: one };
  });
}

/** The names of the samples, also of those that could not be read; null: the file does not say which there are. */
function listNames(draft: ConnectorDraft): readonly string[] | null {
  const listed = draft.rawValueAt('/samples') ?? [];
  const isKnown = isJsonObject(draft.document.value) && !draft.isMisspelt('', 'samples');
  if (!isKnown || !Array.isArray(listed)) return null;
  const names = draft.parts.samples.map(({ name }) => name);
  return [...new Set([...names, ...listed.filter((one) => typeof one === 'string')])];
}

function checkReferences(
  draft: ConnectorDraft,
  { request }: Case,
  document: ParsedDocument,
  source: SourceFile,
  pointer: string,
): void {
  const { sample, bodyFile, set = {}, remove = [] } = request;
  const names = listNames(draft);
  if (sample !== undefined && names !== null && !names.includes(sample)) {
    const hint =
      didYouMean(sample, names) || (names.length === 0 ? '' : `; there are ${names.map(quote).join(', ')}`);
    const message = `${quote(sample)} is not a sample of this connector${hint}`;
    const place = `${pointer}/sample`;
    const remedy = replaceBy(suggestSurely(sample, names));
    const fix = prepareFix({ pointer: place, ...remedy }, 'value', document, source);
    draft.reportAt('case-invalid', message, document.spanOf(place), [], fix);
  }
  if (bodyFile !== undefined) {
    const content = draft.files.read('body', bodyFile);
    if (content.ok) draft.parts.bodyFiles.set(bodyFile, content.bytes);
    else draft.reportAt(content.code, content.message, document.spanOf(`${pointer}/bodyFile`));
  }
  const paths: readonly (readonly [string, string, 'key' | 'value'])[] = [
    ...Object.keys(set).map((path) => [path, pointerTo(`${pointer}/set`, path), 'key'] as const),
    ...remove.map((path, index) => [path, pointerTo(`${pointer}/remove`, index), 'value'] as const),
  ];
  for (const [path, place, part] of paths) {
    const parsed = parsePath(path);
    if (!parsed.ok) draft.reportAt('case-invalid', parsed.message, document.spanOf(place, part));
    else if (!parsed.plain) {
      draft.reportAt(
        'case-invalid',
        `${quote(path)} can name several values; use members and indexes`,
        document.spanOf(place, part),
      );
    }
  }
}
