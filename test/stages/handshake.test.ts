import { describe, expect, test } from 'vitest';
import { MAX_ECHO, materialiseHandshakes, prepareHandshakes } from '../../src/stages/handshake.ts';
import type { JsonValue } from '../../src/stages/json-value.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromObject } from '../../src/stages/request.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';

function prepare(...specs: readonly object[]) {
  const problems: Problem[] = [];
  const plans = prepareHandshakes(specs, '/handshake', (problem) => problems.push(problem));
  return { plans, problems };
}

function answer(specs: readonly object[], body: JsonValue, headers: Readonly<Record<string, string>> = {}) {
  const { plans, problems } = prepare(...specs);
  expect(problems).toEqual([]);
  // Through JSON, as the bundle holds it.
  return materialiseHandshakes(JSON.parse(JSON.stringify(plans)))(body, headersFromObject(headers));
}

const CHALLENGE = { when: [{ path: '$.type', equals: 'url_verification' }], answer: { text: '$.challenge' } };

describe('answers', () => {
  test('text', () => {
    expect(answer([CHALLENGE], { type: 'url_verification', challenge: 'abc' })).toEqual({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      body: 'abc',
    });
  });

  test('json, with literals and a status', () => {
    const json = { challenge: '$.challenge', from: { header: 'X-From' }, ok: true, list: [1, { a: 'b' }] };
    const spec = { when: [{ header: 'X-Kind', prefix: 'verif' }], answer: { status: 201, json } };
    expect(answer([spec], { challenge: 'a"b' }, { 'x-kind': 'verify', 'x-from': 'me' })).toEqual({
      status: 201,
      contentType: 'application/json',
      body: '{"challenge":"a\\"b","from":"me","ok":true,"list":[1,{"a":"b"}]}',
    });
  });

  test('nothing but a status', () => {
    const spec = { when: [{ path: '$.type', equals: 0 }], answer: { status: 204 } };
    expect(answer([spec], { type: 0 })).toEqual({
      status: 204,
      contentType: 'text/plain; charset=utf-8',
      body: '',
    });
  });

  test('the first that applies', () => {
    const other = { when: [{ path: '$.challenge', exists: true }], answer: { text: 'other' } };
    expect(answer([CHALLENGE, other], { type: 'url_verification', challenge: 'abc' })?.body).toBe('abc');
    expect(answer([CHALLENGE, other], { type: 'event', challenge: 'abc' })?.body).toBe('other');
  });
});

describe('no answer', () => {
  test.each([
    ['to another event', { type: 'event_callback', challenge: 'abc' }],
    ['to a body without the value', { challenge: 'abc' }],
    ['to a body that is no object', 'url_verification'],
    ['without a challenge', { type: 'url_verification' }],
    ['to a challenge that is null', { type: 'url_verification', challenge: null }],
    ['to a number', { type: 'url_verification', challenge: 1 }],
    ['to a list', { type: 'url_verification', challenge: ['abc'] }],
    ['to an object', { type: 'url_verification', challenge: { a: 'b' } }],
    ['to a text that is too long', { type: 'url_verification', challenge: 'x'.repeat(MAX_ECHO + 1) }],
  ])('%s', (_, body) => {
    expect(answer([CHALLENGE], body)).toBeNull();
  });

  test('unless all conditions hold', () => {
    const spec = { ...CHALLENGE, when: [...CHALLENGE.when, { header: 'x-kind', equals: 'a' }] };
    const body = { type: 'url_verification', challenge: 'abc' };
    expect(answer([spec], body, { 'x-kind': 'b' })).toBeNull();
    expect(answer([spec], body)).toBeNull();
    expect(answer([spec], body, { 'x-kind': 'a' })?.body).toBe('abc');
  });

  test('where there are no handshakes', () => {
    expect(answer([], { type: 'url_verification', challenge: 'abc' })).toBeNull();
  });

  test('the longest text is sent back whole', () => {
    const challenge = 'x'.repeat(MAX_ECHO);
    expect(answer([CHALLENGE], { type: 'url_verification', challenge })?.body).toBe(challenge);
  });
});

describe('problems', () => {
  test.each([
    [
      { ...CHALLENGE, answer: { text: 'a', json: {} } },
      'value-invalid /handshake/0/answer',
      'the answer has both text and json; keep the one that the provider expects',
    ],
    [
      { ...CHALLENGE, answer: { json: { all: ['$.a', '$.b'] } } },
      'value-invalid /handshake/0/answer/json/all',
      'an answer sends back single texts of the request; name one path or header, or write literals only',
    ],
    [
      { ...CHALLENGE, answer: { text: '$.a[?(@.b)]' } },
      'path-filter-refused /handshake/0/answer/text',
      expect.any(String),
    ],
    [
      { ...CHALLENGE, when: [{ path: '$[', exists: true }] },
      'path-invalid /handshake/0/when/0/path',
      expect.any(String),
    ],
  ])('%j', (spec, place, message) => {
    const { plans, problems } = prepare(spec);
    expect(plans).toEqual([]);
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([place]);
    expect(problems[0]?.message).toEqual(message);
  });
});

describe('of presets', () => {
  const ofPreset = (name: string, body: JsonValue, headers?: Readonly<Record<string, string>>) =>
    answer(PRESETS.get(name)?.signature.handshake ?? [], body, headers);

  test.each([
    ['slack', { type: 'url_verification', challenge: '3eZbrw1a' }, {}, '200 3eZbrw1a'],
    ['github', { zen: 'x', hook_id: 1 }, { 'x-github-event': 'ping' }, '200 pong'],
    ['intercom', { type: 'notification_event', topic: 'ping' }, {}, '200 pong'],
    ['pagerduty', { event: { event_type: 'pagey.ping' } }, {}, '200 pong'],
    ['discord', { version: 1, type: 0 }, {}, '204 '],
  ])('%s', (name, body, headers, expected) => {
    const given = ofPreset(name, body, headers);
    expect(`${given?.status} ${given?.body}`).toBe(expected);
  });

  test('an event is not taken for a challenge', () => {
    expect(ofPreset('slack', { type: 'event_callback', challenge: 'x' })).toBeNull();
    expect(ofPreset('github', { action: 'opened' }, { 'x-github-event': 'pull_request' })).toBeNull();
    expect(ofPreset('discord', { type: 1 })).toBeNull();
  });
});
