import { describe, expect, test } from 'vitest';
import { makeRequest, openHost, planOf, runIn } from './run-script.ts';

const host = openHost();

describe('what a script returns', () => {
  test('is the mapped value; the script sees body, root, headers, method and time', async () => {
    const source = `export default function map(request) {
      return { targetUserIds: [request.body.user.id], metadata: { ...request, body: undefined } };
    }`;
    expect(await runIn(host, source, { user: { id: 'u1' } })).toEqual({
      ok: true,
      value: {
        targetUserIds: ['u1'],
        metadata: {
          headers: { 'x-event': 'payment.failed' },
          method: 'POST',
          receivedAt: '2026-02-03T04:05:06.789Z',
          // Of a request that is not split, the whole body.
          root: { user: { id: 'u1' } },
        },
      },
    });
  });

  test.each([
    ['an arrow function', 'export default ({ body }) => body.n + 1', 2],
    ['null, to ignore the request', 'export default () => null', null],
    [
      'what an async function resolves to',
      'export default async ({ body }) => { await null; return body.n }',
      1,
    ],
    ['what a promise resolves to', 'export default ({ body }) => Promise.resolve(body.n)', 1],
    [
      'a promise of a module that awaits',
      'const one = await Promise.resolve(1); export default () => one',
      1,
    ],
    ['a default export by name', 'const map = () => 1; export { map as default }', 1],
    ['dates as ISO time', 'export default () => new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['objects without undefined members', 'export default () => ({ a: undefined, b: 1 })', { b: 1 }],
    [
      'a member called __proto__ as data',
      'export default ({ body }) => body.p',
      JSON.parse('{"__proto__":{"x":1}}'),
    ],
  ])('may be %s', async (_, source, value) => {
    const body = { n: 1, p: JSON.parse('{"__proto__":{"x":1}}') };
    expect(await runIn(host, source, body)).toEqual({ ok: true, value });
  });

  test.each([
    ['() => 1', '"x" in the result is a function; return JSON values only'],
    ['Symbol("s")', '"x" in the result is a symbol; return JSON values only'],
    ['1n', '"x" in the result is a BigInt; turn it into a string or a number'],
    ['NaN', '"x" in the result is NaN, which JSON cannot carry'],
    ['1 / 0', '"x" in the result is Infinity, which JSON cannot carry'],
    ['new Map([[1, 2]])', '"x" in the result is a Map; turn it into an object or a list'],
    ['new Set([1])', '"x" in the result is a Set; turn it into an object or a list'],
    [
      '(() => { const a = []; a.push(a); return a })()',
      'the result contains itself; JSON cannot carry cycles',
    ],
    ['JSON.parse("[".repeat(64) + "]".repeat(64))', 'the result is nested more than 64 levels deep'],
    ['"a".repeat(1048576)', 'the result is 1048584 characters of JSON; at most 1048576 are taken'],
  ])('cannot have %s in it', async (value, message) => {
    const result = await runIn(host, `export default () => ({ x: ${value} })`);
    expect(result).toEqual({ ok: false, code: 'script-error', message });
  });

  test.each([
    ['() => {}', 'map returned nothing; return a trigger, or null to ignore the request'],
    ['() => () => 1', 'the result is a function; return JSON values only'],
    [
      '() => new Promise(() => {})',
      'the promise that map returned never settles: a script has no timers, files or network to wait for',
    ],
  ])('cannot be the result of %s', async (source, message) => {
    expect(await runIn(host, `export default ${source}`)).toEqual({
      ok: false,
      code: 'script-error',
      message,
    });
  });
});

describe('errors name the place in the script', () => {
  test.each([
    ['thrown', '\nexport default () => {\n  throw new Error("no such user");\n}', 'no such user', 3, 9],
    ['thrown at the top', '\n  throw new TypeError("x");', 'TypeError: x', 2, 9],
    [
      'thrown later',
      'export default async () => {\n  await null;\n  throw new Error("later");\n}',
      'later',
      3,
      9,
    ],
    [
      'of a class of its own',
      'class NoUser extends Error {\n  name = "NoUser";\n}\nexport default () => {\n  throw new NoUser("u1");\n}',
      'NoUser: u1',
      5,
      9,
    ],
    [
      'of the language',
      'export default ({ body }) => {\n  return body.customer.id;\n}',
      "TypeError: Cannot read properties of undefined (reading 'id')",
      2,
      24,
    ],
    [
      'in a called function',
      'const f = (o) => o.a.b;\nexport default () => f({});',
      expect.any(String),
      1,
      22,
    ],
    ['of syntax', 'export default () => {\n  return {{ };\n}', "SyntaxError: Unexpected token '{'", 2, 11],
    ['of syntax at the end', 'export default () => {', 'SyntaxError: Unexpected end of input', 1, 23],
    [
      'of an import',
      'const a = 1;\nimport fs from "node:fs";\nexport default fs;',
      'the script imports "node:fs"; a script stands alone, imports are not available in it',
      2,
      16,
    ],
    [
      'of an import while it runs',
      'export default async () => {\n  await import("node:fs");\n}',
      'a script stands alone, import() is not available in it',
      2,
      3,
    ],
  ])('an error %s', async (_, source, message, line, column) => {
    expect(await runIn(host, source)).toEqual({ ok: false, code: 'script-error', message, line, column });
  });

  test.each([
    ['export const map = () => 1', /^the script has no default export that is a function/],
    ['export default 42', /^the script has no default export that is a function/],
    ['', /^the script has no default export that is a function/],
    ['export default () => { throw "a text" }', /^the script threw a text$/],
    ['export default () => { throw null }', /^the script threw null$/],
    [
      'export default () => { throw { message: "like an error" } }',
      /^the script threw a value that is not an Error$/,
    ],
    ['throw { at: "the top" }', /^the script threw a value that is not an Error$/],
    [
      'export default () => { throw new Proxy({}, { getPrototypeOf() { throw 1 } }) }',
      /cannot be described$/,
    ],
    [
      'export default () => { const e = new Error(); Object.defineProperty(e, "message", { get() { throw 1 } }); throw e }',
      /cannot be described$/,
    ],
    ['export default () => { Promise.reject(new Error("forgotten")); return 1 }', /^forgotten$/],
  ])('%s', async (source, message) => {
    expect(await runIn(host, source)).toMatchObject({
      ok: false,
      code: 'script-error',
      message: expect.stringMatching(message),
    });
  });

  test('are one short line that a terminal can show', async () => {
    const result = await runIn(
      host,
      'export default () => { throw new Error("\\u001b[31mred\\u0007\\r\\nnext\\u2028\\u202eline " + "x".repeat(5000)) }',
    );
    if (result.ok) throw new Error('no error');
    expect(result.message).toHaveLength(500);
    expect(result.message).toMatch(/^\[31mred next line x+\.\.\.$/);
  });
});

describe('what is too large is refused before it runs', () => {
  test('a script', async () => {
    const source = `export default () => 1; //${'x'.repeat(256 * 1024)}`;
    expect(await runIn(host, source)).toEqual({
      ok: false,
      code: 'script-error',
      message: 'the script is longer than 262144 bytes',
    });
  });

  test('a request', async () => {
    const result = await runIn(host, 'export default () => 1', 'x'.repeat(7_000_000));
    expect(result).toMatchObject({ ok: false, code: 'script-error' });
  });

  test('but not one of many megabytes', async () => {
    const request = makeRequest('x'.repeat(5_000_000));
    const result = await host.run('connector', planOf('export default ({ body }) => body.length'), request);
    expect(result).toEqual({ ok: true, value: 5_000_000 });
  });
});
