/** Coverage as people read it: what no case shows, below the connector that it is of. */
import { escapeControls } from '../../diagnostics/printable.ts';
import type { Coverage, CoverageCount } from '../../workbench/coverage/measure.ts';

export function coverageLines(coverage: Coverage): readonly string[] {
  const lines = coverage.connectors.flatMap(({ connector, missing, ...counted }) => [
    `${connector}: ${describeCount(counted)}`,
    ...missing.map(({ part, name, side }) => `  ${part} ${name}: ${side}`),
  ]);
  return ['', 'What no case shows:', ...lines, `coverage: ${describeCount(coverage)}`].map(escapeControls);
}

function describeCount({ percent, covered, total }: CoverageCount): string {
  return `${percent} % (${covered} of ${total})`;
}
