/** Words of an expression that hold values of their own: lookup, bands, default. What the file says in, plan data out. */
import { stringifyJson } from '../json/json-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { Conversion, Scalar, StepsPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { compareDecimals, readDecimal } from './decimal.ts';
import { checkLiteral, codeOfText, looksUnfilled } from './literal.ts';
import { invalid, quote } from './prepared.ts';

export const CONVERSIONS = [
  'string',
  'number',
  'integer',
  'boolean',
  'date-time',
  'date',
  'url',
  'json',
] as const satisfies readonly Conversion[];

const MAX_ENTRIES = 1_000;

type Writable = { -readonly [Name in keyof StepsPlan]: StepsPlan[Name] };

/** Adds `map` and `bands` to the plan. */
export function prepareLookups(spec: JsonObject, pointer: string, plan: Writable, report: Report): void {
  if (Object.hasOwn(spec, 'map')) prepareMap(spec.map, pointerTo(pointer, 'map'), plan, report);
  if (Object.hasOwn(spec, 'bands')) prepareBands(spec.bands, pointerTo(pointer, 'bands'), plan, report);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function prepareMap(spec: JsonValue | undefined, pointer: string, plan: Writable, report: Report): void {
  const entries = isJsonObject(spec) ? Object.entries(spec) : [];
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    invalid(
      report,
      pointer,
      '`map` takes codes and what they become, such as { "6": Resolved, "7": Closed }',
    );
    return;
  }
  const map: Record<string, Scalar | readonly Scalar[]> = {};
  for (const [code, value] of entries) {
    const place = pointerTo(pointer, code);
    const isFit = isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar));
    if (!isFit) {
      invalid(
        report,
        place,
        `${quote(value)} is not what a code can become: a text, a number, true, false, null, or a list of these`,
      );
      continue;
    }
    if (!checkTexts(value as JsonValue, place, report)) continue;
    Object.defineProperty(map, code, { value, enumerable: true, configurable: true, writable: true });
  }
  plan.map = map;
}

function prepareBands(spec: JsonValue | undefined, pointer: string, plan: Writable, report: Report): void {
  if (!Array.isArray(spec) || spec.length === 0 || spec.length > 100) {
    invalid(report, pointer, '`bands` takes a list such as [{ from: 1000, is: 1 }, { from: 0, is: 5 }]');
    return;
  }
  const bands: { from: number | string; is: Scalar }[] = [];
  for (const [index, band] of (spec as readonly JsonValue[]).entries()) {
    const place = pointerTo(pointer, index);
    const isBand = isJsonObject(band) && Object.keys(band).sort().join() === 'from,is' && isScalar(band.is);
    const from = isBand ? readDecimal(band.from as JsonValue) : undefined;
    if (!isBand || from === undefined) {
      invalid(report, place, `${quote(band)} is not a band; write { from: 1000, is: 1 }`);
      continue;
    }
    const last = readDecimal(bands.at(-1)?.from ?? '');
    if (last !== undefined && compareDecimals(last, from) <= 0) {
      const message = `no number comes as far as the band from ${quote(band.from)}: the first whose \`from\` is not above it is taken; write the highest first`;
      invalid(report, place, message);
    }
    if (checkTexts(band.is as JsonValue, pointerTo(place, 'is'), report))
      bands.push({ from: band.from as number | string, is: band.is as Scalar });
  }
  plan.bands = bands;
}

/** The default of an expression, without the `{ value: ... }` that says that a text is meant as it is; undefined when it was reported. */
export function prepareDefault(
  expression: JsonObject,
  pointer: string,
  report: Report,
): { readonly value: unknown } | undefined {
  const spec = expression.default;
  if (isJsonObject(spec) && Object.keys(spec).join() === 'value') {
    return checkLiteral(spec.value, pointerTo(pointer, 'value'), report) ? { value: spec.value } : undefined;
  }
  if (!checkLiteral(spec, pointer, report)) return undefined;
  return checkTexts(spec as JsonValue, pointer, report, expression.path) ? { value: spec } : undefined;
}

/** Reports texts that nothing fills in; true where there are none. `path`: what they are the default of. */
export function checkTexts(value: JsonValue, pointer: string, report: Report, path?: JsonValue): boolean {
  if (Array.isArray(value))
    return value.map((one, index) => checkTexts(one, pointerTo(pointer, index), report, path)).every(Boolean);
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([key, one]) => checkTexts(one, pointerTo(pointer, key), report, path))
      .every(Boolean);
  if (typeof value !== 'string' || !looksUnfilled(value)) return true;
  const way = /\/default(?:\/|$)/.test(pointer) ? `${alternativeTo(path, value)}; ` : '';
  const message = `${quote(value)} would be used as it is: nothing is read or filled in here; ${way}if it is meant as a text, write { value: ${quote(value)} } where a default stands`;
  report({ code: codeOfText(pointer), pointer, message });
  return false;
}

/** What to write instead of a default that is a path or a template. */
function alternativeTo(path: JsonValue | undefined, value: string): string {
  // What is no path is another problem, which is reported.
  const named = [path].flat().filter((one) => typeof one === 'string');
  const paths = named.length === 0 ? ['$.first'] : named;
  if (!value.includes('{{')) return `name it as another path: path: ${stringifyJson([...paths, value])}`;
  const [other = '$.other'] = value.match(/\$[^\s{}?]+/) ?? [];
  const fill = [...paths, other].join(' ?? ');
  return `write one template for both, such as { template: "{{ ${fill} }}" }`;
}
