import { describe, expect, test } from 'vitest';
import { cleanMessage, MAX_READS, readReply } from '../../../src/runtime/script-host/messages.ts';

describe('replies', () => {
  test.each([
    { status: 'ready' },
    { status: 'source-needed', id: 1 },
    { status: 'done', id: 1, retire: false, tookMs: 0 },
    { status: 'done', id: 1, retire: true, tookMs: 0.1, reads: ['$.a'] },
    {
      status: 'failed',
      id: 1,
      retire: false,
      tookMs: 0,
      code: 'script-error',
      message: 'm',
      line: 1,
      column: 2,
    },
  ])('%j is one', (head) => {
    expect(readReply(head)).toEqual(head);
  });

  test.each([
    null,
    'ready',
    [],
    {},
    { status: 'unheard of', id: 1 },
    { status: 'done' },
    { status: 'done', id: '1', tookMs: 1 },
    { status: 'done', id: 1 },
    { status: 'done', id: 1, tookMs: -1 },
    { status: 'done', id: 1, tookMs: Number.NaN },
    { status: 'done', id: 1, tookMs: 1, reads: '$.a' },
    { status: 'done', id: 1, tookMs: 1, reads: [1] },
    { status: 'done', id: 1, tookMs: 1, reads: Array.from({ length: MAX_READS + 1 }, () => '$') },
    { status: 'failed', id: 1, tookMs: 1, code: 'script-unavailable', message: 'm' },
    { status: 'failed', id: 1, tookMs: 1, code: 'made-up', message: 'm' },
  ])('%j is none', (head) => {
    expect(readReply(head)).toBeNull();
  });

  test('keep only what is known, cleaned', () => {
    const head = {
      status: 'failed',
      id: 1,
      tookMs: 2,
      code: 'script-error',
      message: 'a\u001bb',
      line: -1,
      column: 1.5,
      extra: 1,
    };
    expect(readReply(head)).toEqual({
      status: 'failed',
      id: 1,
      retire: false,
      tookMs: 2,
      code: 'script-error',
      message: 'a b',
    });
  });
});

test.each([
  ['plain text, ünïcode, 日本', 'plain text, ünïcode, 日本'],
  ['two\r\nlines\tand\u2028more', 'two lines and more'],
  ['\u001b]0;title\u0007hidden', ']0;title hidden'],
  ['right\u202eto left\u200b', 'rightto left'],
  ['half a pair \ud83d', 'half a pair'],
  ['', 'no message'],
  ['\n', 'no message'],
  [undefined, 'no message'],
  [{ message: 'in an object' }, 'no message'],
])('the message %j becomes %j', (message, cleaned) => {
  expect(cleanMessage(message)).toBe(cleaned);
});

test('long messages are cut, never inside a character', () => {
  expect(cleanMessage('x'.repeat(501))).toBe(`${'x'.repeat(497)}...`);
  expect(cleanMessage('😀'.repeat(400)).isWellFormed()).toBe(true);
});
