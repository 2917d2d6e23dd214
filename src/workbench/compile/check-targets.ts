/**
 * Whether the deployment has the targets that connectors name. In: a compilation, and the names that there are. Out: the same
 * with an error for each connector whose triggers would have nowhere to go.
 */
import { DEFAULT_TARGET } from '../../bundle/plan.ts';
import type { Compilation, CompiledConnector } from '../../compiler/compile.ts';
import { parseYaml } from '../../compiler/parse.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import { type Diagnostic, type Span, sortDiagnostics } from '../../diagnostics/diagnostic.ts';
import { quote, quoteList } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';

export function checkTargets(compilation: Compilation, names: readonly string[]): Compilation {
  const found = compilation.connectors.flatMap((connector): Diagnostic[] => {
    const { plan } = connector;
    if (plan === null || plan.status === 'disabled' || names.includes(plan.target ?? DEFAULT_TARGET))
      return [];
    const known = quoteList(names, 'and');
    const message =
      plan.target === undefined
        ? `this connector names no target, and the deployment has none that is called "${DEFAULT_TARGET}": say \`target:\` with one of ${known}`
        : `the deployment has no target ${quote(plan.target)}${didYouMean(plan.target, names)}: it has ${known}`;
    return [diagnose('target-unknown', message, placeOf(compilation, connector, plan.target !== undefined))];
  });
  if (found.length === 0) return compilation;
  return { ...compilation, diagnostics: sortDiagnostics([...compilation.diagnostics, ...found]) };
}

function placeOf({ sources }: Compilation, { file }: CompiledConnector, isNamed: boolean): Span {
  const source = sources.get(file);
  if (source === undefined) throw new Error(`${file} was compiled and is not there`);
  const { document } = parseYaml(source);
  return document === null ? source.span(0, 0) : document.spanOf(isNamed ? '/target' : '/actionFlow');
}
