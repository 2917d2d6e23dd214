import { describe, expect, test } from 'vitest';
import type { ScriptResult } from '../../../src/stages/script/script-runner.ts';
import { makeRequest, openHost, planOf, runIn } from './run-script.ts';

// One process, so that two calls meet the same isolate.
const host = openHost({ size: 1, spares: 0 });

/** Each returns what it finds and leaves a mark that the next call would find. `attempt` swallows what is refused. */
const MARKS: Record<string, string> = {
  'a variable of the module': 'let n = 0; export default () => ++n',
  'a property of the function': 'export default function map() { map.n = (map.n ?? 0) + 1; return map.n }',
  'a closure': 'const next = ((n) => () => ++n)(0); export default () => next()',
  'a static member': 'class C { static n = 0 } export default () => ++C.n',
  'a WeakMap over something shared':
    'const seen = new WeakMap(); export default () => { const found = seen.has(Object.prototype); seen.set(Object.prototype, 1); return found }',
  'a global':
    'export default () => attempt(() => { globalThis.n = (globalThis.n ?? 0) + 1 }) + typeof globalThis.n',
  'a replaced global':
    'export default () => { const before = String(Array); attempt(() => { globalThis.Array = 1 }); return before }',
  'a var of eval':
    'export default () => { const before = (0, eval)("typeof n"); attempt(() => (0, eval)("var n = 1")); return before }',
  'a let of eval':
    'export default () => { const before = (0, eval)("typeof n"); attempt(() => (0, eval)("let n = 1")); return before }',
  'a function of eval':
    'export default () => { const before = (0, eval)("typeof f"); attempt(() => (0, eval)("function f() {}")); return before }',
  'a sloppy this':
    'export default () => { const before = typeof globalThis.n; attempt(() => Function("this.n = 1")()); return before }',
  'Object.prototype':
    'export default () => { const before = typeof {}.n; attempt(() => { Object.prototype.n = 1 }); return before }',
  'Object.prototype through __proto__':
    'export default () => { const before = typeof {}.n; attempt(() => { ({}).__proto__.n = 1 }); return before }',
  'Array.prototype':
    'export default () => { const before = typeof [][0]; attempt(() => { Array.prototype[0] = 1 }); return before }',
  'a method of Array':
    'export default () => { const before = [1].map((x) => x).length; attempt(() => { Array.prototype.map = () => [] }); return before }',
  'String.prototype':
    'export default () => { const before = typeof "".n; attempt(() => { String.prototype.n = 1 }); return before }',
  'Function.prototype':
    'export default () => { const before = typeof (() => 1).n; attempt(() => { Function.prototype.n = 1 }); return before }',
  'Error.prototype':
    'export default () => { const before = new Error("m").toString(); attempt(() => { Error.prototype.toString = () => "t" }); return before }',
  'Promise.prototype':
    'export default async () => { const before = String(Promise.prototype.then); attempt(() => { Promise.prototype.then = 1 }); return before }',
  'a generator':
    'const g = function* () {}; export default () => { const p = Object.getPrototypeOf(g); const before = typeof p.n; attempt(() => { p.n = 1 }); return before }',
  'an async generator':
    'const g = async function* () {}; export default () => { const p = Object.getPrototypeOf(g); const before = typeof p.n; attempt(() => { p.n = 1 }); return before }',
  'an array iterator':
    'export default () => { const p = Object.getPrototypeOf([].values()); const before = typeof p.n; attempt(() => { p.n = 1 }); return before }',
  'a segmenter':
    'export default () => { const p = Object.getPrototypeOf(new Intl.Segmenter().segment("")); const before = typeof p.n; attempt(() => { p.n = 1 }); return before }',
  Math: 'export default () => { const before = Math.max(1, 2); attempt(() => { Math.max = () => 9 }); return before }',
  JSON: 'export default () => { const before = JSON.stringify({}); attempt(() => { JSON.stringify = () => "x" }); return before }',
  Date: 'export default () => { const before = Date.now(); attempt(() => { Date.now = () => 9 }); return before }',
  'Reflect.defineProperty':
    'export default () => { const before = typeof Math.n; Reflect.defineProperty(Math, "n", { value: 1 }); return before }',
  'a prototype of a prototype':
    'export default () => { const before = typeof [].n; attempt(() => Object.setPrototypeOf(Array.prototype, { n: 1 })); return before }',
  console:
    'export default () => { const before = typeof console.n; attempt(() => { console.n = 1 }); return before }',
  'the last match':
    'export default () => { const before = String(RegExp.$1) + RegExp.lastMatch + RegExp["$&"]; /(mark)/.exec("mark"); return before }',
  'a regular expression':
    'const r = /x/g; export default () => { const before = r.lastIndex; r.test("xx"); return before }',
  'the stack trace limit':
    'export default () => { const before = Error.stackTraceLimit; attempt(() => { Error.stackTraceLimit = 1 }); return before }',
  'the stack trace formatter':
    'export default () => { const before = typeof Error.prepareStackTrace; attempt(() => { Error.prepareStackTrace = () => "" }); return before }',
  'a template object':
    'const tag = (strings) => strings; export default () => { const t = tag`a`; const before = typeof t.n; attempt(() => { t.n = 1 }); return before }',
  'a template object as a key':
    'const seen = new WeakMap(); const tag = (strings) => { const found = seen.has(strings); seen.set(strings, 1); return found }; export default () => tag`a`',
  'a static block': 'class C { static n; static { C.n = (C.n ?? 0) + 1 } } export default () => C.n',
  'a private static member':
    'class C { static #n = 0; static next() { return ++C.#n } } export default () => C.next()',
  'a string iterator':
    'export default () => { const p = Object.getPrototypeOf(""[Symbol.iterator]()); const before = p.next.length; attempt(() => { p.next = (a, b) => 1 }); return before }',
  'a match iterator':
    'export default () => { const p = Object.getPrototypeOf("".matchAll(/x/g)); const before = typeof p.n; attempt(() => { p.n = 1 }); return before }',
  'a species':
    'export default () => { const before = Array[Symbol.species] === Array; attempt(() => Object.defineProperty(Array, Symbol.species, { value: Set })); return before }',
  'the last match, through a method':
    'export default () => { const before = [Reflect.ownKeys(RegExp).map(String).join(), String(Function("return RegExp.$1")())]; "mark".replace(/(m)ark/, "$1"); return before }',
  'a formatter of dates':
    'export default () => { const f = Intl.DateTimeFormat.prototype; const before = new Intl.DateTimeFormat().format(0); attempt(() => Object.defineProperty(f, "format", { value: 1 })); return before }',
  'a deleted global':
    'export default () => { const before = typeof Map; attempt(() => { delete globalThis.Map }); Reflect.deleteProperty(globalThis, "Map"); return before }',
  'a sealed global':
    'export default () => { const before = Object.isExtensible(console); attempt(() => Object.preventExtensions(console)); return before }',
  'a promise job that runs late':
    'let last; export default async () => { const before = typeof last; Promise.resolve().then(async () => { for (let i = 0; i < 100; i++) await null; last = 1 }); return before }',
  'a captured stack':
    'export default () => { const before = typeof Error.prototype.stack; attempt(() => Error.captureStackTrace(Error.prototype)); attempt(() => Error.captureStackTrace(Object.prototype)); return before + typeof {}.stack }',
  'import.meta':
    'export default () => { const before = typeof import.meta.n; import.meta.n = 1; return before }',
  'a promise job left behind':
    'export default () => { const before = typeof globalThis.n; Promise.resolve().then(() => attempt(() => { globalThis.n = 1 })); return before }',
  'a promise never settled':
    'let resolve; export default () => { new Promise((r) => { resolve = r }); return typeof resolve }',
  'random numbers': 'export default () => Math.random()',
  'the request':
    'export default (request) => { const before = typeof request.body.n; request.body.n = 1; return before }',
  'a symbol':
    'export default () => { const s = Symbol.for("mark"); const before = typeof Object.prototype[s]; attempt(() => { Object.prototype[s] = 1 }); return before }',
};

const ATTEMPT = 'const attempt = (f) => { try { f() } catch {} return "" };';

describe('no call finds what another left', () => {
  test.each(Object.entries(MARKS))('in %s', async (_, source) => {
    const script = `${ATTEMPT} ${source}`;
    const first = await runIn(host, script);
    const second = await runIn(host, script);
    const neighbour = await runIn(host, script, {}, 'neighbour');
    expect(first).toMatchObject({ ok: true });
    expect(second).toEqual(first);
    expect(neighbour).toEqual(first);
  });

  test('after a call that failed', async () => {
    const script =
      'let n = 0; export default ({ body }) => { n += 1; if (body.fail) throw new Error("no"); return n }';
    await runIn(host, script, { fail: true });
    expect(await runIn(host, script, { fail: false })).toEqual({ ok: true, value: 1 });
  });

  test('by counting how deep it can call itself, however often it was run', async () => {
    const script = `
      const depth = (n) => { try { return depth(n + 1) } catch { return n } };
      export default () => Array.from({ length: 60 }, () => depth(0))`;
    const depths: ScriptResult[] = [];
    for (let call = 0; call < 6; call += 1) depths.push(await runIn(host, script));
    const elsewhere = await runIn(openHost({ size: 1, spares: 0 }), script, {}, 'neighbour');
    expect(depths[0]).toMatchObject({ ok: true });
    for (const one of [...depths, elsewhere]) expect(one).toEqual(depths[0]);
  });

  // What a script can reach and change is where it could leave something; so nothing of that kind may exist.
  test('since everything a script can reach is frozen', async () => {
    const source = `
      export default () => {
        const sloppy = Function('return arguments')();
        const roots = {
          globalThis, map: undefined,
          generator: function* () {}, asynchronous: async () => {}, asyncGenerator: async function* () {},
          generated: (function* () {})(), asyncGenerated: (async function* () {})(),
          arrayIterator: [].values(), mapIterator: new Map().keys(), setIterator: new Set().keys(),
          stringIterator: ''[Symbol.iterator](), matchIterator: ''.matchAll(/x/g), helper: [].values().map((x) => x),
          wrapped: Iterator.from({ next() {} }), segments: new Intl.Segmenter().segment(''),
          segmentIterator: new Intl.Segmenter().segment('')[Symbol.iterator](),
          thrower: Object.getOwnPropertyDescriptor((function () { return arguments })(), 'callee').get,
          bound: (() => {}).bind(), proxied: new Proxy({}, {}), typed: new Uint8Array(1), view: new DataView(new ArrayBuffer(1)),
          error: new AggregateError([]), regexp: /x/, date: new Date(), promise: Promise.resolve(), symbol: Object(Symbol()),
          number: Object(1), bigint: Object(1n), formatter: new Intl.DateTimeFormat(), numbers: new Intl.NumberFormat(),
          collator: new Intl.Collator(), plural: new Intl.PluralRules(), list: new Intl.ListFormat(),
          relative: new Intl.RelativeTimeFormat(), locale: new Intl.Locale('en'), names: new Intl.DisplayNames('en', { type: 'region' }),
          stack: new DisposableStack(), asyncStack: new AsyncDisposableStack(), weak: new WeakMap(), weakSet: new WeakSet(),
          sloppyCallee: sloppy.callee, json: JSON.parse('{"a":[1]}'), rawJson: JSON.rawJSON('1'),
        };
        const fresh = new Set([...Object.values(roots), roots].filter((value) => Object(value) === value && value !== globalThis));
        // A generator inherits from the prototype of its own function, which is new with the function.
        for (const one of [roots.generated, roots.asyncGenerated]) fresh.add(Reflect.getPrototypeOf(one));
        const seen = new Set();
        const open = [];
        const walk = (value, path) => {
          if (Object(value) !== value || seen.has(value)) return;
          seen.add(value);
          // The instances made here are the call's own; what they inherit is not.
          if (!fresh.has(value) && !Object.isFrozen(value)) { open.push(path); return }
          if (!fresh.has(value)) for (const key of Reflect.ownKeys(value)) {
            const { value: inner, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
            walk(inner, path + '.' + String(key)); walk(get, path + '.get ' + String(key)); walk(set, path + '.set ' + String(key));
          }
          walk(Reflect.getPrototypeOf(value), path + '.__proto__');
        };
        for (const [name, root] of Object.entries(roots)) walk(root, name);
        return { open, seen: seen.size };
      }`;
    const result = await runIn(host, source);
    expect(result).toMatchObject({ ok: true, value: { open: [] } });
    expect((result as { value: { seen: number } }).value.seen).toBeGreaterThan(700);
  });
});

describe('the same request gives the same result', () => {
  const source = `export default () => [
    Date.now(), new Date().getTime(), Date(), new Date().toISOString(), new Date().toLocaleString(), new Date().getTimezoneOffset(),
    new Date(2020, 6, 1).toISOString(), new Date('2020-07-01T00:00:00').toISOString(),
    new Intl.DateTimeFormat().format(), new Intl.DateTimeFormat('de', { timeStyle: 'full' }).format(),
    new Intl.DateTimeFormat().formatToParts().map((part) => part.value).join(''),
    Intl.DateTimeFormat().resolvedOptions().timeZone, Intl.NumberFormat().resolvedOptions().locale, (1234567.5).toLocaleString(),
    Math.random(), Math.random(),
  ]`;
  const run = (host_: ReturnType<typeof openHost>, receivedAt: string, body = {}) =>
    host_.run('connector', planOf(source), makeRequest(body, { receivedAt }));

  test('in another process, at another time', async () => {
    const other = openHost({ spares: 0 });
    const first = await run(host, '2026-02-03T04:05:06.789Z');
    expect(await run(other, '2026-02-03T04:05:06.789Z')).toEqual(first);
  });

  test('and the clock is the time the request was received, in UTC and English', async () => {
    const { value } = (await run(host, '2026-02-03T04:05:06.789Z')) as { value: unknown[] };
    expect(value.slice(0, 14)).toEqual([
      1770091506789,
      1770091506789,
      'Tue Feb 03 2026 04:05:06 GMT+0000 (Coordinated Universal Time)',
      '2026-02-03T04:05:06.789Z',
      '2/3/2026, 4:05:06 AM',
      0,
      '2020-07-01T00:00:00.000Z',
      '2020-07-01T00:00:00.000Z',
      '2/3/2026',
      '04:05:06 Koordinierte Weltzeit',
      '2/3/2026',
      'UTC',
      'en-US',
      '1,234,567.5',
    ]);
  });

  test('while another request has another time and other random numbers', async () => {
    const one = (await run(host, '2026-02-03T04:05:06.789Z')) as { value: unknown[] };
    const later = (await run(host, '2026-02-03T04:05:06.790Z')) as { value: unknown[] };
    const other = (await run(host, '2026-02-03T04:05:06.789Z', { id: 2 })) as { value: unknown[] };
    expect(later.value[0]).toBe(1770091506790);
    expect(new Set([one, later, other].map(({ value }) => value[14])).size).toBe(3);
    expect(one.value[14]).not.toBe(one.value[15]);
    for (const { value } of [one, later, other]) {
      expect(value[14]).toBeGreaterThanOrEqual(0);
      expect(value[14]).toBeLessThan(1);
    }
  });
});

describe('frozen globals are no trap for ordinary code', () => {
  test.each([
    [
      'a class of errors with a name',
      'class E extends Error { constructor(m) { super(m); this.name = "E" } } export default () => String(new E("m"))',
      'E: m',
    ],
    [
      'an error with another message',
      'export default () => { const e = new TypeError("a"); e.message = "b"; return String(e) }',
      'TypeError: b',
    ],
    [
      'an own toString',
      'export default () => { const o = {}; o.toString = () => "own"; return String(o) }',
      'own',
    ],
    [
      'a prototype in the old style',
      'function A() {} A.prototype = Object.create({}); A.prototype.constructor = A; A.prototype.valueOf = () => 7; export default () => new A() + 0',
      7,
    ],
    [
      'a property called constructor',
      'export default () => { const o = { a: 1 }; o.constructor = "c"; return o }',
      { a: 1, constructor: 'c' },
    ],
    [
      'Object.assign over inherited names',
      'export default () => Object.assign({}, { hasOwnProperty: 1 })',
      { hasOwnProperty: 1 },
    ],
    [
      'dates',
      'export default () => [new Date(5) instanceof Date, new Date(new Date(5)).getTime(), Date.UTC(1970, 0, 1), Date.name, Date.length, new (class extends Date {})(3).getTime()]',
      [true, 5, 0, 'Date', 7, 3],
    ],
    ['console', 'export default () => { console.log("x"); console.error("y"); return 1 }', 1],
    [
      'tagged templates, iterators, spread',
      'export default () => [...new Set([1, 1, 2])].map((n) => String(n)).concat(Array.from({ length: 1 }, () => "z"))',
      ['1', '2', 'z'],
    ],
  ])('%s', async (_, source, value) => {
    expect(await runIn(host, source)).toEqual({ ok: true, value });
  });
});
