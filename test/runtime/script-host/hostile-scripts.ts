/**
 * What a mapping script could do to hurt: bodies of its function, and how a run of each may end. Used by the tests and by
 * the benchmark.
 */

/** How a run may end. Which limit a script meets first depends on the machine. */
const STOPPED = ['script-timeout', 'script-memory'];
const STOPPED_OR_REFUSED = [...STOPPED, 'script-error'];

export const HOSTILE_BODIES: Record<string, readonly [body: string, codes: readonly string[]]> = {
  'an endless loop': ['for (;;);', ['script-timeout']],
  'an endless loop that catches': ['for (;;) { try { for (;;); } catch {} }', ['script-timeout']],
  'an endless loop in finally': ['try { return 1 } finally { for (;;); }', ['script-timeout']],
  'a catastrophic regular expression': ['return /^(a+)+$/.test("a".repeat(40) + "b")', ['script-timeout']],
  'endless promise jobs': ['const again = () => Promise.resolve().then(again); again(); return 1', STOPPED],
  'endless promise jobs, awaited': ['return (async () => { for (;;) await null })()', STOPPED],
  'a getter that never returns': ['return { get x() { for (;;); } }', ['script-timeout']],
  'a toJSON that never returns': ['return { toJSON() { for (;;); } }', ['script-timeout']],
  'a then that never returns': ['return { then() { for (;;); } }', ['script-timeout']],
  'an error whose message never ends': [
    'throw { __proto__: Error.prototype, get message() { for (;;); } }',
    ['script-timeout'],
  ],
  'a proxy that never answers': ['return new Proxy({}, { ownKeys() { for (;;); } })', ['script-timeout']],
  'a sort that never agrees': [
    'const l = Array.from({ length: 1e5 }, (_, i) => i); for (;;) l.sort(() => Math.random() - 0.5)',
    STOPPED,
  ],
  'endless recursion': ['const f = () => f() + 1; return f()', ['script-error']],
  'endless recursion through JSON': [
    'const o = { toJSON() { return JSON.stringify(o) } }; return o',
    ['script-error'],
  ],
  'arrays without end': ['const l = []; for (;;) l.push(new Array(1000).fill(1))', STOPPED],
  'one enormous array': ['return new Array(2 ** 32 - 1).fill(0).length', STOPPED],
  'strings without end': ['const l = []; for (let i = 0; ; i++) l.push(String(i).repeat(1000))', STOPPED],
  'a string that doubles': ['let s = "x"; for (;;) s += s', STOPPED_OR_REFUSED],
  'a joined string': [
    'return new Array(2 ** 25).fill("xxxxxxxxxxxxxxxx").join("-").length',
    STOPPED_OR_REFUSED,
  ],
  'a replaced string': [
    'let s = "x".repeat(1e5); for (;;) s = s.replace(/x/g, "xxxxxxxx")',
    STOPPED_OR_REFUSED,
  ],
  'typed arrays without end': ['const l = []; for (;;) l.push(new Uint8Array(1e6))', STOPPED_OR_REFUSED],
  'a map without end': ['const m = new Map(); for (let i = 0; ; i++) m.set(i, {})', STOPPED],
  'a set without end': ['const s = new Set(); for (let i = 0; ; i++) s.add("k" + i)', STOPPED],
  'keys without end': ['const o = {}; for (let i = 0; ; i++) o["k" + i] = i', STOPPED],
  'a BigInt that squares': ['let n = 3n; for (;;) n *= n', STOPPED_OR_REFUSED],
  'closures without end': ['let f = () => 1; for (;;) { const g = f; f = () => g() }', STOPPED],
  'symbols without end': ['const l = []; for (let i = 0; ; i++) l.push(Symbol.for("k" + i))', STOPPED],
  'functions without end': ['const l = []; for (let i = 0; ; i++) l.push(Function("return " + i))', STOPPED],
  'an enormous result': ['return "x".repeat(2 ** 24)', STOPPED_OR_REFUSED],
  'an enormous error': ['throw new Error("x".repeat(2 ** 24))', STOPPED_OR_REFUSED],
  'a result of ten million nulls': ['return new Array(1e7)', STOPPED_OR_REFUSED],
  'a result that is enormous to write': [
    'const l = []; for (let i = 0; i < 20; i++) l.push("x".repeat(2 ** 20)); return l',
    STOPPED_OR_REFUSED,
  ],
  'a result that holds itself': ['const a = {}; a.b = { a }; return a', ['script-error']],
  'a result with a function in it': ['return { targetUserIds: [() => 1] }', ['script-error']],
  'a result nested too deep': [
    'let o = {}; for (let i = 0; i < 5000; i++) o = { o }; return o',
    ['script-error'],
  ],
  'a valueOf that never returns': ['return +{ valueOf() { for (;;); } }', ['script-timeout']],
  'a species that never returns': [
    'class L extends Array { static get [Symbol.species]() { for (;;); } } return new L(1, 2).map((x) => x)',
    ['script-timeout'],
  ],
  'a static block that never ends': ['return class { static { for (;;); } }', ['script-timeout']],
  'a getter put on the request': [
    'Object.defineProperty(request.body, "x", { enumerable: true, get() { for (;;); } }); return request.body',
    ['script-timeout'],
  ],
  'a generator that never ends': ['return [...(function* () { for (;;) yield {} })()]', STOPPED],
  'an iterator that never ends': [
    'return new Map({ [Symbol.iterator]: () => ({ next: () => ({ value: [1, 2], done: false }) }) })',
    STOPPED,
  ],
  'an async generator that never ends': [
    'return (async () => { for await (const one of (async function* () { for (;;) yield 1 })()); })()',
    STOPPED,
  ],
  'a thenable that resolves to itself': ['const t = { then(resolve) { resolve(t) } }; return t', STOPPED],
  'a storm of promises': [
    'for (;;) Promise.all(Array.from({ length: 1000 }, () => Promise.resolve())).then(() => {})',
    STOPPED,
  ],
  'eval without end': ['for (;;) (0, eval)("1 + 1")', STOPPED],
  'a parser bomb': ['return Function("return " + "(".repeat(1e6))', STOPPED_OR_REFUSED],
  'a JSON bomb': ['return JSON.parse("[".repeat(4e6) + "]".repeat(4e6))', STOPPED_OR_REFUSED],
  'regular expressions without end': [
    'for (let i = 0; ; i++) new RegExp("(?:a{99}b{99}){99}" + i).test("ab")',
    STOPPED_OR_REFUSED,
  ],
  'a replacement that never ends': [
    'return "x".repeat(1e6).replace(/x/g, () => { for (;;); })',
    ['script-timeout'],
  ],
  'a chain of proxies': [
    'let p = {}; for (let i = 0; i < 1e6; i++) p = new Proxy(p, {}); return p.x',
    STOPPED_OR_REFUSED,
  ],
  'nested lists laid flat': [
    'let l = [1]; for (let i = 0; i < 1e6; i++) l = [l]; return l.flat(Infinity)',
    STOPPED_OR_REFUSED,
  ],
  'formatters without end': [
    'const l = []; for (;;) l.push(new Intl.NumberFormat("de", { style: "unit", unit: "liter" }))',
    STOPPED,
  ],
  'a text cut into words without end': [
    'for (;;) [...new Intl.Segmenter("th", { granularity: "word" }).segment("\u0e01".repeat(1e5))]',
    STOPPED,
  ],
  'a power of BigInts': ['return String(7n ** 4000000n).length', STOPPED_OR_REFUSED],
  'buffers that reserve': [
    'const l = []; for (;;) l.push(new ArrayBuffer(8, { maxByteLength: 2 ** 32 }))',
    STOPPED_OR_REFUSED,
  ],
  'a wait on shared memory': [
    'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
    ['script-error'],
  ],
  'a WebAssembly module': ['return new WebAssembly.Memory({ initial: 65536 })', ['script-error']],
  'a formatter of stack traces': [
    'Error.prepareStackTrace = () => { for (;;); }; return new Error().stack',
    ['script-error'],
  ],
  'an endless stack trace': [
    'Error.stackTraceLimit = Infinity; const f = (n) => (n ? f(n - 1) : new Error().stack); return f(5000)',
    ['script-error'],
  ],
};
