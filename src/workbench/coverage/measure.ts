/** How much of each connector its cases show. In: connectors and runs. Out: counts, and what no case shows. */
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { CaseRun } from '../cases/run-cases.ts';
import type { CoverageItem } from './item.ts';
import { coverageItems } from './items.ts';

export interface CoverageCount {
  readonly covered: number;
  readonly total: number;
  /** Rounded down to a tenth: 100 means everything. */
  readonly percent: number;
}

export interface ConnectorCoverage extends CoverageCount {
  readonly connector: string;
  readonly file: string;
  readonly missing: readonly Pick<CoverageItem, 'part' | 'name' | 'side'>[];
}

export interface Coverage extends CoverageCount {
  readonly connectors: readonly ConnectorCoverage[];
}

/** Connectors that do not compile have no plan to measure. */
export function measureCoverage(
  connectors: readonly CompiledConnector[],
  runs: readonly CaseRun[],
): Coverage {
  const byConnector = Map.groupBy(runs, ({ connector }) => connector);
  const measured = connectors.flatMap((connector): readonly ConnectorCoverage[] => {
    if (connector.plan === null) return [];
    const observations = (byConnector.get(connector) ?? []).flatMap(({ result }) =>
      result.ran ? [result.observation] : [],
    );
    const items = coverageItems(connector.plan);
    const missing = items.filter((item) => !observations.some((one) => item.isShownBy(one)));
    return [
      {
        connector: connector.id,
        file: connector.file,
        ...count(items.length - missing.length, items.length),
        missing: missing.map(({ part, name, side }) => ({ part, name, side })),
      },
    ];
  });
  const sum = (key: 'covered' | 'total') => measured.reduce((total, one) => total + one[key], 0);
  return { ...count(sum('covered'), sum('total')), connectors: measured };
}

function count(covered: number, total: number): CoverageCount {
  return { covered, total, percent: total === 0 ? 100 : Math.floor((covered * 1000) / total) / 10 };
}
