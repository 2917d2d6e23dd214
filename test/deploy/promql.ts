/** What a PromQL expression asks for, read with Prometheus' own grammar. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Asked {
  readonly metric: string;
  /** Labels that it is narrowed by, with the values: those of `a|b` one by one. */
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
}

export interface Query {
  readonly selectors: readonly Asked[];
  /** Labels that it is added up or joined by. */
  readonly grouping: readonly string[];
}

/** Throws where the expression is no PromQL. */
export function readQuery(expression: string): Query {
  const selectors: { metric: string; matchers: Asked['matchers'][number][] }[] = [];
  const grouping: string[] = [];
  const text = (node: { from: number; to: number }): string => expression.slice(node.from, node.to);
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        selectors.push({ metric: name === null ? '' : text(name), matchers: [] });
      }
      if (type.name === 'UnquotedLabelMatcher') {
        const [label, value] = [node.getChild('LabelName'), node.getChild('StringLiteral')];
        if (label === null || value === null) throw new Error(`no matcher: ${text({ from, to })}`);
        const values = text(value).slice(1, -1).split('|');
        selectors.at(-1)?.matchers.push({ label: text(label), values });
      }
      if (type.name === 'GroupingLabels')
        grouping.push(...node.getChildren('LabelName').map((label) => text(label)));
    },
  });
  return { selectors, grouping };
}
