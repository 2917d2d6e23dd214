/**
 * The way to a place in a payload, as messages show it: steps in, a JSONPath out. A key that no sample has can be a value
 * (a name, an address), so it never appears.
 */
import { formatName } from '../json/json-path-grammar.ts';

/** A member's name, an index, or null for a key that must not be shown. */
export type TrailStep = string | number | null;
export type Trail = readonly TrailStep[];

/** Paths are shown up to this length, in UTF-16 units: twenty of them stay well within a log line. */
const MAX_SHOWN = 500;

/** JSONPath of the place, such as `$.items[3].id`; unknown keys are `[?]`. */
export function formatTrail(trail: Trail): string {
  return cut(`$${trail.map((step) => (typeof step === 'number' ? `[${step}]` : formatStep(step))).join('')}`);
}

/** The same for all elements of a list: what is wrong with the fourth is said once, not for each that follows. */
export function patternOf(trail: Trail): string {
  return `$${trail.map((step) => (typeof step === 'number' ? '[*]' : formatStep(step))).join('')}`;
}

function formatStep(step: string | null): string {
  return step === null ? '[?]' : formatName(step);
}

function cut(path: string): string {
  return path.length <= MAX_SHOWN ? path : `${path.slice(0, MAX_SHOWN)}...`;
}
