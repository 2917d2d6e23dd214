/**
 * Where something in a compiled script stands in the files it was compiled from. In: the plan, and a place in its
 * source text. Out: file, line and column as their author sees them.
 */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { ScriptMappingPlan } from '../plans.ts';

export interface ScriptPlace {
  /** Path inside the connector's folder. */
  readonly file: string;
  /** 1-based; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** Decoded when a script first fails; most never do. */
const decoded = new WeakMap<ScriptMappingPlan, TraceMap>();

/** `line` and `column` are 1-based, as a script process reports them. What the compiler added belongs to no file: null. */
export function placeInScript(plan: ScriptMappingPlan, line: number, column: number): ScriptPlace | null {
  if (plan.map === undefined) return { file: plan.file, line, column };
  let map = decoded.get(plan);
  if (map === undefined) {
    const { sources, mappings } = plan.map;
    map = new TraceMap({ version: 3, names: [], sources: [...sources], mappings });
    decoded.set(plan, map);
  }
  const found = originalPositionFor(map, { line, column: column - 1 });
  if (found.source === null) return null;
  return { file: found.source, line: found.line, column: found.column + 1 };
}
