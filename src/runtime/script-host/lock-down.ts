/**
 * Makes a fresh JavaScript realm fit for mapping scripts: only the language, every object of it frozen, and nothing
 * that could tell one run from another. The function is sent into the isolate as source text: it must not refer to
 * anything outside itself, and what it needs later it takes before a script could run.
 */

/** What the mapper in the realm uses to start a run. */
export interface RealmControls {
  /** Binds the clock and the random numbers to one request. */
  begin(receivedAt: string, seedText: string): void;
}

export function lockDownRealm(): RealmControls {
  // An allow-list: what later engines add stays out until someone has thought about it. Out on purpose: WebAssembly,
  // SharedArrayBuffer and Atomics (shared memory), WeakRef and FinalizationRegistry (show the garbage collector).
  const allowed = new Set<PropertyKey>(
    (
      'globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent ' +
      'encodeURI encodeURIComponent escape unescape Object Function Boolean Symbol Error AggregateError EvalError ' +
      'RangeError ReferenceError SyntaxError TypeError URIError SuppressedError Number BigInt Math Date String RegExp ' +
      'Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array ' +
      'BigUint64Array Float16Array Float32Array Float64Array Map Set WeakMap WeakSet ArrayBuffer DataView JSON ' +
      'Iterator Promise Proxy Reflect Intl DisposableStack AsyncDisposableStack'
    ).split(' '),
  );
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!allowed.has(key)) Reflect.deleteProperty(globalThis, key);
  }
  const define = (target: object, key: PropertyKey, value: unknown): void => {
    Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
  };

  // The clock stands still at the time the request was received.
  let now = 0;
  const RealDate = Date;
  const RequestDate = function (this: unknown, ...parts: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(now).toString();
    return Reflect.construct(RealDate, parts.length === 0 ? [now] : parts, new.target);
  };
  Object.defineProperty(RequestDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(RequestDate, 'length', { value: 7, configurable: true });
  Object.defineProperty(RequestDate, 'prototype', { value: RealDate.prototype, writable: false });
  define(RequestDate, 'now', () => now);
  define(RequestDate, 'parse', RealDate.parse);
  define(RequestDate, 'UTC', RealDate.UTC);
  define(RealDate.prototype, 'constructor', RequestDate);
  define(globalThis, 'Date', RequestDate);
  // Formatters take the time of day when they are given none.
  const formatter = Intl.DateTimeFormat.prototype;
  const formatOf = Object.getOwnPropertyDescriptor(formatter, 'format')?.get as () => (
    date: unknown,
  ) => string;
  Object.defineProperty(formatter, 'format', {
    get(this: Intl.DateTimeFormat) {
      const format = Reflect.apply(formatOf, this, []);
      return (date?: unknown) => format(date === undefined ? now : date);
    },
    configurable: true,
  });
  const formatToParts = formatter.formatToParts;
  define(formatter, 'formatToParts', function (this: Intl.DateTimeFormat, date?: Date | number) {
    return Reflect.apply(formatToParts, this, [date === undefined ? now : date]);
  });

  // Random numbers repeat with the request: mulberry32 over an FNV-1a hash of its text, hashed only when asked for.
  let seedText = '';
  let state: number | undefined;
  define(Math, 'random', () => {
    if (state === undefined) {
      state = 0x811c9dc5;
      for (let index = 0; index < seedText.length; index += 1) {
        state = Math.imul(state ^ seedText.charCodeAt(index), 0x01000193);
      }
    }
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  });

  // What the web has for texts and bytes, as far as it is pure: base64 and UTF-8, strictly.
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  define(globalThis, 'atob', (text: unknown): string => {
    const digits = String(text)
      .replace(/[\t\n\f\r ]+/g, '')
      .replace(/-/g, '+')
      .replace(/_/g, '/')
      .replace(/={1,2}$/, '');
    if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits))
      throw new TypeError('the text is not base64');
    let bytes = '';
    let bits = 0;
    let value = 0;
    for (const digit of digits) {
      value = ((value << 6) | ALPHABET.indexOf(digit)) & 0xffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      bytes += String.fromCharCode((value >> bits) & 0xff);
    }
    return bytes;
  });
  define(globalThis, 'btoa', (text: unknown): string => {
    const bytes = String(text);
    if (/[^\0-\xff]/.test(bytes)) throw new TypeError('the text has characters that are no bytes');
    let digits = '';
    for (let index = 0; index < bytes.length; index += 3) {
      const chunk =
        (bytes.charCodeAt(index) << 16) |
        ((bytes.charCodeAt(index + 1) || 0) << 8) |
        (bytes.charCodeAt(index + 2) || 0);
      for (const shift of [18, 12, 6, 0]) digits += ALPHABET.charAt((chunk >> shift) & 63);
    }
    const missing = (3 - (bytes.length % 3)) % 3;
    return missing === 0 ? digits : digits.slice(0, -missing) + '='.repeat(missing);
  });
  const toPercent = (byte: number): string => `%${byte < 16 ? '0' : ''}${byte.toString(16)}`;
  const decode = decodeURIComponent;
  const encode = encodeURIComponent;
  define(
    globalThis,
    'TextDecoder',
    class TextDecoder {
      decode(bytes: Iterable<number> | ArrayBuffer = []): string {
        const list = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
        try {
          return decode(Array.from(list, toPercent).join(''));
        } catch {
          throw new TypeError('the bytes are not UTF-8');
        }
      }
    },
  );
  define(
    globalThis,
    'TextEncoder',
    class TextEncoder {
      encode(text: unknown = ''): Uint8Array {
        const bytes = encode(String(text).toWellFormed()).match(/%[0-9A-F]{2}|./gs) ?? [];
        return Uint8Array.from(bytes, (one) =>
          one.length === 3 ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0),
        );
      }
    },
  );

  const silent: Record<string, () => void> = {};
  for (const name of 'assert clear count debug dir error group groupEnd info log table time timeEnd trace warn'.split(
    ' ',
  )) {
    silent[name] = () => {};
  }
  define(globalThis, 'console', silent);

  // RegExp.$1 and its kin remember the last match, across requests.
  for (const key of Reflect.ownKeys(RegExp)) {
    if (
      key !== 'prototype' &&
      key !== 'length' &&
      key !== 'name' &&
      key !== 'escape' &&
      key !== Symbol.species
    ) {
      Reflect.deleteProperty(RegExp, key);
    }
  }

  // An assignment to an object fails when the object inherits a frozen property of that name: `this.name = ...` in a
  // class that extends Error, `toString` of a class of one's own. As accessors these properties let it through.
  const errors = [
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    SuppressedError,
  ];
  for (const prototype of [Object.prototype, Function.prototype, ...errors.map((error) => error.prototype)]) {
    for (const key of Reflect.ownKeys(prototype)) {
      const property = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
      if (typeof key === 'symbol' || !('value' in property) || property.writable !== true) continue;
      const value: unknown = property.value;
      Object.defineProperty(prototype, key, {
        get: () => value,
        set(this: unknown, assigned: unknown) {
          if (
            this === prototype ||
            (typeof this !== 'object' && typeof this !== 'function') ||
            this === null
          ) {
            throw new TypeError(`Cannot assign to read only property '${key}'`);
          }
          Object.defineProperty(this, key, {
            value: assigned,
            writable: true,
            enumerable: true,
            configurable: true,
          });
        },
        enumerable: false,
        configurable: false,
      });
    }
  }

  // Everything reachable from the globals, and what only syntax reaches.
  const numbers = [1].values();
  const roots: unknown[] = [
    globalThis,
    function* () {},
    async () => {},
    async function* () {},
    numbers,
    numbers.map((value) => value),
    Iterator.from({ next: () => ({ done: true, value: undefined }) }),
    new Map().entries(),
    new Set().values(),
    ''[Symbol.iterator](),
    ''.matchAll(/x/g),
    new Intl.Segmenter().segment(''),
    new Intl.Segmenter().segment('')[Symbol.iterator](),
  ];
  const seen = new Set<object>();
  while (roots.length > 0) {
    const value = roots.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue;
    seen.add(value);
    Object.freeze(value);
    roots.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      roots.push(property.value, property.get, property.set);
    }
  }

  return {
    begin(receivedAt, text) {
      now = RealDate.parse(receivedAt);
      seedText = text;
      state = undefined;
    },
  };
}
