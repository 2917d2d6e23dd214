/** Parts of schemes that few senders have: lists of signed headers, ids in any case, JSON inside a field, pairs in a text. */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { requestHash } from '../../../src/stages/signature/request-hash.ts';
import { judge, NOW, planOf, prepare, SECRET, type Sent } from './harness.ts';

const hmac = (text: string, key: string | Buffer = 'secret') =>
  createHmac('sha256', key).update(text).digest('hex');

describe('a header that lists what is signed', () => {
  const plan = planOf({
    signature: { header: 'x-sig' },
    timestamp: { header: 'x-time' },
    template: '[method]\n[headers:x-signed]\n[payload]',
  });
  const body = '{"id":1}';
  const signed = (headers: Readonly<Record<string, string>>, list: string): Sent => {
    const all: Record<string, string> = { ...headers, 'x-signed': list };
    const lines = list.split(',').map((name) => `${name}:${all[name]}`);
    return { body, headers: { ...all, 'x-sig': hmac(`POST\n${lines.join(';')}\n${body}`) } };
  };
  const now = String(NOW);

  test('each of them is proven', () => {
    const sent = signed({ 'x-time': now, 'x-topic': 'Entry.publish' }, 'x-signed,x-time,x-topic');
    expect(judge(plan, sent, 'secret')).toBe('ok');
    const topic = { ...sent, headers: { ...sent.headers, 'x-topic': 'Entry.delete' } };
    expect(judge(plan, topic, 'secret')).toBe('signature-mismatch');
    const fewer = { ...sent, headers: { ...sent.headers, 'x-signed': 'x-signed,x-time' } };
    expect(judge(plan, fewer, 'secret')).toBe('signature-mismatch');
    const { 'x-topic': _, ...without } = sent.headers as Record<string, string>;
    expect(judge(plan, { ...sent, headers: without }, 'secret')).toBe('signature-missing');
    const twice = { ...sent, headers: { ...sent.headers, 'x-topic': ['Entry.publish', 'Entry.publish'] } };
    expect(judge(plan, twice, 'secret')).toBe('signature-mismatch');
  });

  test.each([
    ['the time is left out', 'x-signed,x-topic'],
    ['the list itself is left out', 'x-time,x-topic'],
    ['a name stands there twice', 'x-signed,x-time,x-time'],
  ])('%s', (_, list) => {
    const sent = signed({ 'x-time': now, 'x-topic': 'a' }, list);
    expect(judge(plan, sent, 'secret')).toBe('signature-mismatch');
  });

  test('more names than any sender lists', () => {
    const names = Array.from({ length: 40 }, (_, index) => `x-${index}`);
    const headers = Object.fromEntries(names.map((name) => [name, '1']));
    const list = ['x-signed', 'x-time', ...names].join(',');
    expect(judge(plan, signed({ ...headers, 'x-time': now }, list), 'secret')).toBe('signature-mismatch');
  });
});

test('a value of the query in the case in which it was sent, or in lower case, and in no other', () => {
  const plan = planOf({ signature: { header: 'x-sig' }, template: 'id:[query:id:any-case];[payload]' });
  const sent = (id: string, signed: string): Sent => ({
    url: `/c/test?id=${id}`,
    body: 'b',
    headers: { 'x-sig': hmac(`id:${signed};b`) },
  });
  expect(judge(plan, sent('ORD1', 'ORD1'), 'secret')).toBe('ok');
  expect(judge(plan, sent('ORD1', 'ord1'), 'secret')).toBe('ok');
  expect(judge(plan, sent('ord1', 'ORD1'), 'secret')).toBe('signature-mismatch');
  expect(judge(plan, sent('ORD2', 'ord1'), 'secret')).toBe('signature-mismatch');
});

describe('a path into JSON that stands in a field', () => {
  const plan = planOf({ signature: { body: '$.json.event.hash' }, template: '[body:$.json.event.time]' });
  const sent = (json: string): Sent => ({ body: new URLSearchParams({ json }).toString() });
  const verdict = (json: string) => judge(plan, sent(json), 'secret', NOW, { body: 'form' });

  test('leads into it', () => {
    expect(verdict(JSON.stringify({ event: { time: '5', hash: hmac('5') } }))).toBe('ok');
    expect(verdict(JSON.stringify({ event: { time: '6', hash: hmac('5') } }))).toBe('signature-mismatch');
  });

  test.each(['', '{', 'null', '[]', '"text"', '{"event":5}', `{"event":${'['.repeat(100)}`])('%s', (json) => {
    expect(verdict(json)).toBe('signature-missing');
  });
});

describe('pairs of a key and a signature in one text', () => {
  const plan = planOf({
    secretEncoding: 'sha1',
    signature: { body: '$.sig', position: 2 },
    template: '[body:$.payload]',
  });
  const key = createHash('sha1').update('private').digest();
  const verdict = (sig: string) =>
    judge(plan, { body: JSON.stringify({ sig, payload: 'p' }) }, 'private', NOW);

  test('any of them may be right', () => {
    expect(verdict(`mine|${hmac('p', key)}`)).toBe('ok');
    expect(verdict(`theirs|${'0'.repeat(64)}&mine|${hmac('p', key)}`)).toBe('ok');
    expect(verdict(`theirs|${'0'.repeat(64)}`)).toBe('signature-mismatch');
    expect(verdict('mine')).toBe('signature-missing');
  });

  test('of more than eight the rest is not tried', () => {
    const many = Array.from({ length: 9 }, () => `theirs|${'0'.repeat(64)}`).join('&');
    expect(verdict(`${many}&mine|${hmac('p', key)}`)).toBe('signature-mismatch');
  });

  test('neither in the query nor for the time', () => {
    const problems = (spec: object) => prepare({ sharedSecret: SECRET, ...spec }).problems.length;
    expect(problems({ signature: { query: 'sig', position: 2 } })).toBe(1);
    expect(
      problems({
        signature: { header: 'x-sig' },
        timestamp: { body: '$.t', position: 2 },
        template: '[timestamp].[payload]',
      }),
    ).toBe(1);
  });
});

/** Made by atlassian-jwt 2.0.3, createQueryStringHash. */
test.each([
  ['POST', '/c/jira?b=2&a=1&a=0', '9d29cd07c8aadde8ad0484eb277788bafc36de71c9a177c6a3f73240a1eb7215'],
  ['POST', '/c/jira', 'd139a08284cc4a0719abf4588a1808576fe690302d918cf34bbbb7ae58835d30'],
  [
    'post',
    '/c/jira/?x=%C3%A4%20y+z&jwt=abc&e=',
    '375eadfd65c873e05c7d746918fa6bc7c491dabc1b8e65daab7f15d6f6c2e451',
  ],
  ['GET', '/a%2fb/~c?q=a*b%7Ec', 'd7e37297c50867ab00447a25cd533808832c62751b28dce74cc1d6952d688454'],
])("Atlassian Connect's qsh of %s %s", (method, url, expected) => {
  expect(requestHash({ method, url })).toBe(expected);
});
