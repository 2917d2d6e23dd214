/** The shape: each path that the mapping cannot do without, missing or of another type. Asked of the shape stage's own judge. */
import type { ShapePlan } from '../../stages/plans.ts';
import { compileRead } from '../../stages/shape/read-judge.ts';
import type { Observation } from '../cases/observe.ts';
import type { CoverageItem } from './item.ts';

export function shapeItems(plan: ShapePlan | null): readonly CoverageItem[] {
  if (plan === null) return [];
  // The same path may feed several fields.
  const reads = new Map(
    plan.reads
      .filter(({ optional, required, inEverySample }) => !optional && (required || inEverySample))
      .map((read) => [read.paths.join(' or '), read]),
  );
  return [...reads].map(([name, read]) => {
    const judge = compileRead(read, plan.shape);
    return {
      part: 'shape',
      name,
      side: 'missing, or of another type',
      isShownBy: ({ judged }: Observation) =>
        judged.some(
          ({ payload, result }) =>
            result.kind === 'held' && result.code === 'shape-changed' && judge.grade(payload) !== null,
        ),
    };
  });
}
