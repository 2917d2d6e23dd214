import { expect, test } from 'vitest';
import { parseSegments } from '../../../src/stages/json/json-path-grammar.ts';
import { makeRequest, openHost, planOf } from './run-script.ts';

const host = openHost({ size: 1, spares: 0 });

const BODY = {
  id: 'evt_1',
  amount: 42,
  none: null,
  customer: { name: 'Ada', address: { city: 'London' } },
  list: [
    { x: 1, tags: ['a', 'b'] },
    { x: 2, tags: [] },
  ],
  'weird key': { "it's": 1, 'a"b\\': 2, 'é-ok_$': 3, '': 4 },
  empty: {},
};

async function trace(source: string, body: unknown = BODY): Promise<readonly string[] | undefined> {
  const result = await host.run('connector', planOf(source), makeRequest(body), { trace: true });
  if (!result.ok) throw new Error(result.message);
  const plain = await host.run('connector', planOf(source), makeRequest(body));
  // Tracing changes nothing but what is reported.
  expect(plain).toEqual({ ok: true, value: result.value });
  return result.reads;
}

test.each<[string, string, string[]]>([
  ['values', '({ body }) => [body.id, body.customer.address.city]', ['$.id', '$.customer.address.city']],
  ['each value once', '({ body }) => body.id + body.id', ['$.id']],
  ['null', '({ body }) => body.none ?? 1', ['$.none']],
  ['destructuring', '({ body: { id, customer: { name } } }) => [id, name]', ['$.id', '$.customer.name']],
  [
    'nothing that is not there',
    '({ body }) => [body.id, body.missing, body.customer?.nick]',
    ['$.id', '$.customer'],
  ],
  ['elements by index', '({ body }) => body.list[1].x', ['$.list[*].x']],
  ['elements by map', '({ body }) => body.list.map((one) => one.x)', ['$.list[*].x']],
  [
    'elements by for-of',
    '({ body }) => { for (const { x } of body.list) if (x === 2) return x }',
    ['$.list[*].x'],
  ],
  [
    'elements by find',
    '({ body }) => body.list.find((one) => one.x === 2).tags.length',
    ['$.list[*].x', '$.list[*].tags'],
  ],
  ['elements of elements', '({ body }) => body.list.flatMap((one) => one.tags)', ['$.list[*].tags[*]']],
  [
    'sorted elements',
    '({ body }) => body.list.sort((a, b) => b.x - a.x)[0].tags[0] ?? 0',
    ['$.list[*].x', '$.list[*].tags'],
  ],
  ['a container that is only tested', '({ body }) => (body.customer ? 1 : 2)', ['$.customer']],
  ['a container that is only counted', '({ body }) => body.list.length', ['$.list']],
  ['a container whose keys are listed', '({ body }) => Object.keys(body.customer)', ['$.customer']],
  ['a container asked for a member', '({ body }) => "name" in body.customer', ['$.customer']],
  ['a container in the result', '({ body }) => ({ metadata: body.customer })', ['$.customer']],
  ['a container as JSON', '({ body }) => JSON.stringify(body.list)', ['$.list']],
  [
    'a container as JSON after a value of it',
    '({ body }) => body.customer.name + JSON.stringify(body.customer)',
    ['$.customer', '$.customer.name'],
  ],
  [
    'a spread: all its values',
    '({ body }) => ({ ...body.customer, address: 1 })',
    ['$.customer.name', '$.customer.address'],
  ],
  [
    'the rest of a pattern',
    '({ body: { list, customer, "weird key": w, ...rest } }) => rest',
    ['$.list', '$.customer', "$['weird key']", '$.id', '$.amount', '$.none', '$.empty'],
  ],
  ['all of it', '({ body }) => body', ['$']],
  ['all of the request', '(request) => JSON.stringify(request)', ['$']],
  ['nothing of the body', '({ headers }) => headers', []],
  ['after an await', 'async ({ body }) => { await null; return body.id }', ['$.id']],
  ['an empty object', '({ body }) => body.empty', ['$.empty']],
])('reads %s', async (_, source, reads) => {
  expect(await trace(`export default ${source}`)).toEqual(reads);
});

test('writes paths that the grammar of paths reads back', async () => {
  const reads = await trace('export default ({ body }) => Object.values(body["weird key"]).join()');
  expect(reads).toEqual([
    "$['weird key']['it\\'s']",
    "$['weird key']['a\"b\\\\']",
    "$['weird key'].é-ok_$",
    "$['weird key']['']",
  ]);
  const names = reads?.map((path) => {
    const segments = parseSegments(path);
    if ('code' in segments) throw new Error(segments.reason);
    return segments.map((segment) => ('name' in segment ? segment.name : segment.kind));
  });
  expect(names).toEqual(Object.keys(BODY['weird key']).map((name) => ['weird key', name]));
});

test('names no member that a path may not name', async () => {
  const body = JSON.parse('{"a":{"__proto__":{"x":1},"constructor":1,"prototype":2}}');
  const source = 'export default ({ body }) => [Object.entries(body.a).length, body.a.constructor]';
  expect(await trace(source, body)).toEqual(['$.a']);
});

test.each(['text', 5, null, ['a']])('traces the body %j', async (body) => {
  const reads = await trace('export default ({ body }) => (Array.isArray(body) ? body[0] : body)', body);
  expect(reads).toEqual([Array.isArray(body) ? '$[*]' : '$']);
});

test('reports no reads unless asked to', async () => {
  const result = await host.run(
    'connector',
    planOf('export default ({ body }) => body.id'),
    makeRequest(BODY),
  );
  expect(result).toEqual({ ok: true, value: 'evt_1' });
});

test('is not undone by a script that freezes, seals or changes the body', async () => {
  await expect(
    trace('export default ({ body }) => { Object.freeze(body); Object.seal(body.customer); return body.id }'),
  ).resolves.toContain('$');
  const changed =
    'export default ({ body }) => { body.customer = { name: 1 }; delete body.id; return body.customer.name }';
  await expect(trace(changed)).resolves.toBeDefined();
});
