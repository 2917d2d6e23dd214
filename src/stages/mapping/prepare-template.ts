/**
 * `template`, the compiler's half: a text with places to fill in, a plan and the paths that it reads out. Reports everything
 * that is wrong with it.
 */
import { parseScopedPath, splitRoot } from '../json/json-path.ts';
import type { Report } from '../problem.ts';
import { codeOfText, looksUnfilled } from './literal.ts';
import {
  type ExpressionRead,
  invalid,
  lookUp,
  type PreparedExpression,
  quote,
  type Surroundings,
} from './prepared.ts';
import { parseTemplate } from './text-template.ts';

/** `hasDefault`: the expression has one, so that what is read may be missing. null when something was reported. */
export function prepareTemplate(
  spec: unknown,
  hasDefault: boolean,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  if (typeof spec !== 'string') {
    const message = `${quote(spec)} is not a template; a template is a text such as "Hello {{ $.name }}"`;
    return invalid(report, pointer, message);
  }
  const { parts, reads, problems } = parseTemplate(spec);
  let isRight = problems.length === 0;
  for (const { code, message, offset, length } of problems)
    report({ code, pointer, message, within: { offset, length } });
  const found = reads.flatMap(({ paths, offset, length, fallback, ...fill }): readonly ExpressionRead[] => {
    if (fallback !== undefined && !checkFallback(fill.default ?? '', paths, pointer, fallback, report))
      isRight = false;
    const within = { offset, length };
    const optional = 'default' in fill || hasDefault;
    const names = paths.filter((text) => !text.startsWith('$'));
    const used = names.flatMap((name) => {
      const prepared = lookUp(name, pointer, report, around, within);
      if (prepared?.gives === 'many')
        invalid(
          report,
          pointer,
          `the value ${quote(name)} is a list, which a template cannot write; add join: ", " to it`,
        );
      if (prepared === null || prepared.gives === 'many') isRight = false;
      return (prepared?.reads ?? []).map((read) => ({
        ...read,
        optional: read.optional || optional || paths.length > 1,
      }));
    });
    const texts = paths.filter((text) => text.startsWith('$'));
    if (texts.length === 0) return used;
    const scopes = around.isBatch
      ? [texts.filter((text) => !splitRoot(text).isRoot), texts.filter((text) => splitRoot(text).isRoot)]
      : [texts];
    const own = scopes.filter((some) => some.length > 0);
    return [
      ...used,
      ...own.map((some) => ({
        paths: some.map((text) => splitRoot(text).path),
        required: false,
        optional: optional || own.length > 1 || names.length > 0,
        pointer,
        within,
        ...(around.isBatch && splitRoot(some[0] ?? '').isRoot ? { root: true as const } : {}),
      })),
    ];
  });
  return isRight ? { plan: { kind: 'template', parts }, reads: found, gives: 'one' } : null;
}

/** The text behind ?? reaches people as it is. */
function checkFallback(
  text: string,
  paths: readonly string[],
  pointer: string,
  within: { readonly offset: number; readonly length: number },
  report: Report,
): boolean {
  if (!looksUnfilled(text)) return true;
  const isPath = parseScopedPath(text).ok;
  const instead = isPath
    ? `without its quotes it is the next alternative: {{ ${paths[0]} ?? ${text} }}`
    : 'name the other value as an alternative: {{ $.first ?? $.second }}';
  const message = `${quote(text)} would be used as it is: nothing is read or filled in here; ${instead}; if it is meant as a text, name it, values: { text: { value: ${quote(text)} } }, and write {{ ${paths[0]} ?? text }}`;
  report({ code: codeOfText(pointer), pointer, message, within });
  return false;
}
