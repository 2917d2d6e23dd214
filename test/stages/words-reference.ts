// What the words of a mapping mean, written naively from the contract and from nothing of the code: whole lists at each step,
// numbers as fractions of bigints, no compiling. In: an expression and a payload with a member `v`. Out: what it comes to.
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Spec = Readonly<Record<string, unknown>>;

interface Found {
  /** null: something cannot be done. */
  readonly values: readonly Json[] | null;
  readonly isList: boolean;
  /** Nothing is left because the list is empty, or nothing of it was chosen. */
  readonly isEmpty: boolean;
}

const FAILED: Found = { values: null, isList: false, isEmpty: false };
const MISSING: Found = { values: [], isList: false, isEmpty: false };
const EMPTY: Found = { values: [], isList: true, isEmpty: true };

export const NOTHING = Symbol('nothing');
export const HELD = Symbol('held');

const LOOKS_INSIDE =
  'where get separator case except pick map bands point decimals plus minus join count sum'.split(' ');

export function evaluate(spec: Spec, payload: { readonly v?: Json }): unknown {
  const found = STEPS.reduce(
    (left, step) => (left.values === null ? left : step(left, spec)),
    find(spec, payload),
  );
  if (found.values === null) return HELD;
  if (found.values.length === 0) return 'default' in spec ? (spec.default ?? NOTHING) : NOTHING;
  return found.isList ? found.values : found.values[0];
}

function find(spec: Spec, { v }: { readonly v?: Json }): Found {
  const wildcard = spec.path === '$.v[*]';
  const isFlat = LOOKS_INSIDE.some((word) => word in spec) || spec.as === 'date' || spec.as === 'url';
  if (v === undefined || v === null) return MISSING;
  const isSpread = wildcard ? typeof v === 'object' : Array.isArray(v) && isFlat;
  if (wildcard && !isSpread) return MISSING;
  if (!isSpread) return { values: [v], isList: false, isEmpty: false };
  const all = Object.values(v);
  if (all.length === 0) return EMPTY;
  return list(
    all.filter((one) => one !== null),
    MISSING,
  );
}

function list(values: readonly Json[], otherwise: Found): Found {
  return values.length === 0 ? otherwise : { values, isList: true, isEmpty: false };
}

const text = (value: Json): string | undefined =>
  value !== null && typeof value === 'object' ? undefined : value === null ? undefined : String(value);

function member(value: Json, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
}

type Step = (found: Found, spec: Spec) => Found;

const choose: Step = (found, { where, get, missing }) => {
  if (where === undefined && get === undefined && missing === undefined) return found;
  if (found.values?.length === 0) return found;
  const chosen = (found.values ?? []).filter(
    (one) => where === undefined || member(one, 'k') === (where as { equals: Json }).equals,
  );
  const got = chosen.map((one) => (get === undefined ? one : member(one, 'x')));
  const kept = got.filter((one) => one !== undefined && one !== null && !isAbsent(one, missing)) as Json[];
  if (kept.length === 0) return chosen.length === 0 ? EMPTY : MISSING;
  return { values: kept, isList: found.isList, isEmpty: false };
};

function isAbsent(value: Json, missing: unknown): boolean {
  const written = text(value);
  if (missing === undefined || written === undefined) return false;
  const all = (missing as readonly unknown[]).map(String);
  return all.includes(written) || (all.includes('') && written.trim() === '');
}

const separate: Step = (found, { separator, missing }) => {
  if (separator === undefined || found.values?.length === 0) return found;
  const texts = (found.values ?? []).map(text);
  if (texts.includes(undefined)) return FAILED;
  const parts = texts.flatMap((one) => (one as string).split(separator as string)).map((one) => one.trim());
  return list(
    parts.filter((one) => one !== '' && !isAbsent(one, missing)),
    MISSING,
  );
};

const changeCase: Step = (found, spec) => {
  if (spec.case === undefined) return found;
  const change = (one: Json) =>
    typeof one !== 'string' ? one : spec.case === 'lower' ? one.toLowerCase() : one.toUpperCase();
  return { ...found, values: (found.values ?? []).map(change) };
};

const except: Step = (found, spec) => {
  if (spec.except === undefined || found.values?.length === 0) return found;
  const fold = (one: string) =>
    spec.case === 'lower' ? one.toLowerCase() : spec.case === 'upper' ? one.toUpperCase() : one;
  const gone = (spec.except as readonly Json[]).map((one) =>
    typeof one === 'string' ? fold(one) : String(one),
  );
  const left = (found.values ?? []).filter((one) => !gone.includes(text(one) ?? '\0'));
  return left.length === 0 ? EMPTY : { ...found, values: left };
};

const pick: Step = (found, spec) => {
  if (spec.pick === undefined) return found;
  const one = (found.values ?? []).at(spec.pick === 'first' ? 0 : -1);
  return one === undefined ? MISSING : { values: [one], isList: false, isEmpty: false };
};

/** undefined: this value is missing; null: it cannot be done. */
type Each = (value: Json, spec: Spec) => Json | undefined | typeof HELD;

const look: Each = (value, { map, ...spec }) => {
  if (map === undefined) return value;
  const code = text(value);
  if (code === undefined) return HELD;
  const entries = map as Record<string, Json>;
  if (Object.hasOwn(entries, code)) return entries[code] ?? undefined;
  return 'default' in spec ? undefined : HELD;
};

const band: Each = (value, { bands, ...spec }) => {
  if (bands === undefined) return value;
  const number = fraction(value);
  if (number === undefined) return HELD;
  const fit = (bands as readonly { from: Json; is: Json }[]).find(({ from }) => {
    const least = fraction(from) as Fraction;
    return least.top * number.bottom <= number.top * least.bottom;
  });
  return fit === undefined ? ('default' in spec ? undefined : HELD) : (fit.is ?? undefined);
};

interface Fraction {
  readonly top: bigint;
  /** A power of ten. */
  readonly bottom: bigint;
  readonly places: number;
}

function fraction(value: Json): Fraction | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(value));
  if (parts === null) return undefined;
  const [, sign, whole = '', rest = '', exponent = '0'] = parts;
  const places = rest.length - Number(exponent);
  const top = BigInt(whole + rest) * 10n ** BigInt(Math.max(0, -places)) * (sign === '-' ? -1n : 1n);
  return { top, bottom: 10n ** BigInt(Math.max(0, places)), places: Math.max(0, places) };
}

function decimal(top: bigint, places: number): string {
  const digits = String(top < 0n ? -top : top).padStart(places + 1, '0');
  const shown = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return top < 0n ? `-${shown}` : shown;
}

const movePoint: Each = (value, { point, decimals }) => {
  if (point === undefined && decimals === undefined) return value;
  const number = fraction(value);
  if (number === undefined) return HELD;
  const places = number.places + ((point as number | undefined) ?? 0);
  if (decimals === undefined || places <= (decimals as number)) {
    const more = Math.max(0, ((decimals as number | undefined) ?? 0) - places);
    return decimal(number.top * 10n ** BigInt(more), places + more);
  }
  const unit = 10n ** BigInt(places - (decimals as number));
  const size = number.top < 0n ? -number.top : number.top;
  const rounded = (size * 2n + unit) / (unit * 2n);
  return decimal(number.top < 0n ? -rounded : rounded, decimals as number);
};

const convert: Each = (value, { as, plus, minus }) => {
  if (as === 'date-time' || as === 'date' || plus !== undefined || minus !== undefined) {
    if (isNoTime(value)) return undefined;
    const time = timeOf(value);
    if (time === undefined) return HELD;
    const isDummy = /^(0000|0001|9999)/.test(time) || Math.abs(Date.parse(time)) < 24 * 3_600_000;
    if (isDummy) return undefined;
    const hours = (word: unknown) => (word === undefined ? 0 : Number(/PT(\d+)H/.exec(word as string)?.[1]));
    const moved = new Date(Date.parse(time) + (hours(plus) - hours(minus)) * 3_600_000).toISOString();
    return as === 'date' ? moved.slice(0, 10) : moved;
  }
  const written = text(value);
  if (as === undefined || as === 'json') return value;
  if (written === undefined) return HELD;
  if (as === 'string') return written;
  if (as === 'url') return encodeURIComponent(written);
  if (as === 'boolean') {
    const isTrue = ['true', '1'].includes(written.toLowerCase());
    return isTrue || ['false', '0'].includes(written.toLowerCase()) ? isTrue : HELD;
  }
  if (typeof value === 'boolean' || !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(written)) return HELD;
  const number = Number(written);
  // Integers past 2^53 have no exact number.
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return HELD;
  return as === 'integer' && !Number.isInteger(number) ? HELD : number;
};

/** Zero, the year one in seconds, and MySQL's zero date stand for "never". */
function isNoTime(value: Json): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  return /^([-+]?0+(\.0+)?|-62135596800(000)?|0000-00-00([T ].*)?)$/.test(String(value).trim());
}

/** The texts that the arbitraries write, and seconds. */
function timeOf(value: Json): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const written = String(value).toUpperCase().trim();
  const isSeconds =
    /^\d{9,11}(\.\d{1,9})?$/.test(written) && Number(written) >= 1e8 && Number(written) < 1e11;
  if (isSeconds) return new Date(Number(written) * 1000).toISOString();
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(written)) return undefined;
  const time = `${written.slice(0, -1)}.000Z`;
  // There is no 30 February.
  return new Date(Date.parse(time)).toISOString() === time ? time : undefined;
}

const each: Step = (found, spec) => {
  const isEach = ['map', 'bands', 'point', 'decimals', 'as', 'plus', 'minus'].some((word) => word in spec);
  if (!isEach || found.values?.length === 0) return found;
  const fallback = (spec.default ?? undefined) as Json | undefined;
  const made: (Json | undefined | typeof HELD)[] = (found.values ?? []).map((value) => {
    let left: Json | undefined | typeof HELD = value;
    for (const change of [look, band, movePoint, convert])
      if (left !== undefined && left !== HELD) left = change(left, spec);
    return left === undefined && found.isList ? fallback : left;
  });
  if (made.includes(HELD)) return FAILED;
  const values = made.filter((one) => one !== undefined) as Json[];
  if (values.length === 0) return MISSING;
  if (spec.as !== 'json') return { ...found, values };
  const whole = found.isList ? values : (values[0] as Json);
  return { values: [JSON.stringify(whole)], isList: false, isEmpty: false };
};

const whole: Step = (found, spec) => {
  const values = found.values ?? [];
  const isLacking = values.length === 0 && !found.isEmpty;
  const one = (value: Json): Found => ({ values: [value], isList: false, isEmpty: false });
  if (spec.count === true) return isLacking && spec.default !== undefined ? MISSING : one(values.length);
  if (spec.join !== undefined) {
    const texts = values.map(text);
    if (texts.includes(undefined)) return FAILED;
    return values.length === 0 ? MISSING : one(texts.join(spec.join as string));
  }
  if (spec.sum !== true) return found;
  if (isLacking && spec.default !== undefined) return MISSING;
  const numbers = values.map(fraction);
  if (numbers.includes(undefined)) return FAILED;
  const places = Math.max(0, ...numbers.map((number) => number?.places ?? 0));
  const top = numbers.reduce((sum, number) => {
    const { top: more, places: own } = number as Fraction;
    return sum + more * 10n ** BigInt(places - own);
  }, 0n);
  const digits = decimal(top, places);
  const isNumber = values.every((value) => typeof value === 'number') && Math.abs(Number(digits)) < 2 ** 53;
  return one(isNumber ? Number(digits) : digits);
};

const limit: Step = (found, spec) => {
  if (spec.limit === undefined) return found;
  const cut = (one: Json): Json => {
    const letters =
      typeof one === 'string' ? [...new Intl.Segmenter('en').segment(one)].map((part) => part.segment) : [];
    if (letters.length <= (spec.limit as number)) return one;
    return `${letters
      .slice(0, (spec.limit as number) - 1)
      .join('')
      .trimEnd()}…`;
  };
  return { ...found, values: (found.values ?? []).map(cut) };
};

const STEPS: readonly Step[] = [choose, separate, changeCase, except, pick, each, whole, limit];
