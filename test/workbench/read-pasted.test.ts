/** What people paste: JSON, forms and curl commands as browsers and documentation write them. */
import { expect, test } from 'vitest';
import { readPasted } from '../../src/workbench/samples/read-pasted.ts';

test.each([
  ['JSON', '{ "id": 1 }', 'json', { id: 1 }, []],
  [
    'a request as samples have it',
    '{"headers":{"X-A":"b"},"body":{"id":1}}',
    'json',
    { id: 1 },
    [['x-a', 'b']],
  ],
  ['an integer past 2^53', '{"id":12345678901234567890}', 'json', { id: 12345678901234567890n }, []],
  ['a form', 'a=1&b=x+y&a=2', 'form', { a: ['1', '2'], b: 'x y' }, []],
  ['curl', `curl -X POST https://x/y -H 'X-Sig: a=b' -d '{"id":1}'`, 'curl', { id: 1 }, [['x-sig', 'a=b']]],
  [
    'curl over lines',
    'curl https://x \\\n  --header "X-A: b" \\\n  --data-raw "{\\"id\\": 1}"',
    'curl',
    { id: 1 },
    [['x-a', 'b']],
  ],
  ['curl with a form', "curl https://x -d a=1 --data-urlencode 'b=x y'", 'curl', { a: '1', b: 'x y' }, []],
  [
    'curl as browsers copy it',
    `$ curl 'https://x' --data-raw $'{"a":"it\\'s\\u0021"}' --compressed`,
    'curl',
    { a: "it's!" },
    [],
  ],
  ['curl --json', `curl --json='{"a":1}' https://x`, 'curl', { a: 1 }, []],
] as const)('%s', (_, text, kind, body, headers) => {
  expect(readPasted(text)).toEqual({ ok: true, kind, body, headers });
});

test.each([
  ['nothing', '  ', /nothing is pasted/],
  ['prose', 'Hello there', /not valid JSON.*paste JSON, form fields/],
  ['half of a command', "curl https://x -d '{", /ends inside quotes/],
  ['a file that is not here', 'curl https://x -d @body.json', /in the file body.json/],
  ['no body', 'curl https://x', /has no body/],
])('%s is refused with what to do', (_, text, message) => {
  expect(readPasted(text)).toEqual({ ok: false, message: expect.stringMatching(message) });
});
