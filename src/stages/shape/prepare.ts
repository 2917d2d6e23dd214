/**
 * The compiler's half of the shape stage: the samples' payloads, the connector's shape settings and what the mapping reads
 * in, the shape plan out. Reports settings that the samples contradict. That a path is in no sample at all is left to the
 * compiler's own rule for paths, which can also say what was meant.
 */
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../json/compile-path.ts';
import { parsePath } from '../json/json-path.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { PathRead, Shape, ShapePlan, ShapePolicy } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { fingerprintShape } from './fingerprint.ts';
import { learnAlong, learnShape } from './learn.ts';
import { learnForms } from './learn-forms.ts';
import { markOptional } from './mark-optional.ts';
import { isAtOrBelow, segmentsOf } from './path-steps.ts';
import { compileRead } from './read-judge.ts';

export interface ShapeSettings {
  readonly policy: ShapePolicy;
  readonly pauseAfter: number;
  /** hold: a mapped text of a new form is held, not only a recipient. */
  readonly forms?: 'drift' | 'hold';
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly maps: readonly string[];
}

export interface NamedPayload {
  /** Of the sample, as messages call it; the elements of a batch share it. */
  readonly name: string;
  readonly payload: JsonValue;
  /** The whole body where the payload is a part of it. */
  readonly root?: JsonValue;
}

export interface ShapeInput {
  readonly payloads: readonly NamedPayload[];
  readonly settings: ShapeSettings;
  readonly reads: readonly PathRead[];
}

/**
 * Learns the shape and says what each read may expect. null without payloads. `pointer` is of the settings, such as
 * /shape. A setting that was reported is left out of the plan.
 */
export function prepareShape(input: ShapeInput, pointer: string, report: Report): ShapePlan | null {
  const { payloads, settings } = input;
  if (payloads.length === 0) return null;
  const maps = settings.maps.filter((path, index) =>
    checkMap(path, payloads, placeOf('maps', index), report),
  );
  const required = settings.required.filter((path, index) =>
    checkRequired(path, input, placeOf('required', index), report),
  );
  const optional = settings.optional.filter((path, index) =>
    checkOptional(path, settings, placeOf('optional', index), report),
  );
  const values = payloads.map(({ payload }) => payload);
  const merged = optional.reduce(
    (learned, path) => markOptional(learned, segmentsOf(path)),
    learnShape(values, maps),
  );
  const reads = joinReads(input.reads, required, optional);
  const formed = reads.filter(({ chosen, shallow }) => chosen === undefined && shallow !== true);
  const shape = learnForms(
    merged,
    formed.flatMap(({ paths }) => paths),
    values,
  );
  return {
    policy: settings.policy,
    pauseAfter: settings.pauseAfter,
    ...(settings.forms === 'hold' && { forms: settings.forms }),
    shape,
    fingerprint: fingerprintShape(shape),
    sampleFingerprints: [
      ...new Set(values.map((value) => fingerprintShape(learnAlong(shape, value)))),
    ].sort(),
    reads: reads.map((read) => ({
      ...read,
      inEverySample: isInEvery(read, shape, payloads),
    })),
  };

  function placeOf(setting: string, index: number): string {
    return pointerTo(pointerTo(pointer, setting), index);
  }
}

function checkMap(path: string, payloads: readonly NamedPayload[], pointer: string, report: Report): boolean {
  if (!checkPath(path, pointer, report)) return false;
  const { all } = compilePath(path);
  const found = payloads.flatMap(({ payload }) => all(payload)).filter((value) => value !== null);
  if (found.length === 0 || found.some(isJsonObject)) return true;
  const message = `${quote(path)} is no object in any sample; list only objects whose keys are data`;
  report({ code: 'path-not-in-sample', pointer, message });
  return false;
}

/** A sample that lacks it would be held by its own connector. */
function checkRequired(path: string, { payloads }: ShapeInput, pointer: string, report: Report): boolean {
  if (!checkPath(path, pointer, report)) return false;
  const { first, isEmpty } = compilePath(path);
  const lacking = payloads.find(({ payload }) => (first(payload) ?? null) === null && !isEmpty(payload));
  if (lacking === undefined || payloads.every(({ payload }) => first(payload) === undefined)) return true;
  const message = `${quote(path)} is missing or null in the sample ${quote(lacking.name)}, which would be held; remove it here, or correct the sample`;
  report({ code: 'path-not-in-sample', pointer, message });
  return false;
}

function checkOptional(path: string, settings: ShapeSettings, pointer: string, report: Report): boolean {
  if (!checkPath(path, pointer, report)) return false;
  if (!settings.required.includes(path)) return true;
  report({
    code: 'value-invalid',
    pointer,
    message: `${quote(path)} is also listed as required; keep one of them`,
  });
  return false;
}

function checkPath(path: string, pointer: string, report: Report): boolean {
  const parsed = parsePath(path);
  if (parsed.ok) return true;
  const { code, message, offset, length } = parsed;
  report({ code, pointer, message, within: { offset, length } });
  return false;
}

/** The mapping's reads and the required ones, without repeats. */
function joinReads(
  reads: readonly PathRead[],
  required: readonly string[],
  optional: readonly string[],
): readonly PathRead[] {
  const outer = optional.map(segmentsOf);
  const mayMiss = (path: string) => outer.some((rest) => isAtOrBelow(segmentsOf(path), rest));
  const joined = [
    ...reads.map(({ paths, required: isRequired, optional: isOptional, ...read }) => ({
      paths,
      required: isRequired,
      optional: isOptional || (read.chosen === undefined && paths.every(mayMiss)),
      ...(read.shallow && { shallow: read.shallow }),
      ...(read.chosen && { chosen: read.chosen }),
      ...(read.recipient && { recipient: read.recipient }),
      ...(read.whenMissing && { whenMissing: read.whenMissing }),
    })),
    ...required.map((path) => ({ paths: [path], required: true, optional: false })),
  ];
  return [...new Map(joined.map((read) => [JSON.stringify(read), read])).values()];
}

function isInEvery(read: PathRead, shape: Shape, payloads: readonly NamedPayload[]): boolean {
  const { resolves } = compileRead({ ...read, inEverySample: false }, shape);
  return payloads.every(({ payload, root }) => resolves(payload, root));
}
