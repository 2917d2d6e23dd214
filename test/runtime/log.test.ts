import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/outcomes/outcome.ts';
import { openLog } from '../../src/runtime/log/log.ts';
import { formatLine } from '../../src/runtime/log/log-line.ts';
import { createRequestMetrics } from '../../src/runtime/observe/metrics.ts';
import { createObserver } from '../../src/runtime/observe/observe.ts';

function recordingLog(format: 'json' | 'pretty' = 'json', level = 'info') {
  const lines: string[] = [];
  const { log } = openLog({ level, format, stream: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

const report = { status: 202, method: 'POST', latencyMs: 1.23456, bytes: 17 };
const delivered: Outcome = {
  requestId: 'r1',
  connector: 'one',
  outcome: 'delivered',
  code: 'delivered',
  mode: 'test',
  drift: false,
  triggers: [
    {
      requestId: 'r1',
      connector: 'one',
      actionFlow: 'flow',
      mode: 'test',
      flowInvocationId: 'f1',
      trigger: { targetUserIds: ['a-user'], variables: { secret: 'a payload value' } },
    },
  ],
};

describe('the line of a request', () => {
  test('says what became of it, and nothing of what it held', () => {
    const { log, lines } = recordingLog();
    createObserver(log, createRequestMetrics())(delivered, report);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      pid: process.pid,
      requestId: 'r1',
      connector: 'one',
      outcome: 'delivered',
      code: 'delivered',
      status: 202,
      latencyMs: 1.23,
      bytes: 17,
      mode: 'test',
      msg: 'request',
    });
  });

  test('is an error where this deployment is to blame', () => {
    const { log, lines } = recordingLog();
    const observe = createObserver(log, createRequestMetrics());
    observe(
      { requestId: 'r', connector: 'one', outcome: 'rejected', code: 'secret-missing' },
      { ...report, status: 503 },
    );
    observe(
      { requestId: 'r', connector: null, outcome: 'rejected', code: 'connector-unknown' },
      { ...report, status: 404 },
    );
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['error', 'info']);
  });

  test('is short on a terminal', () => {
    const { log, lines } = recordingLog('pretty');
    const observe = createObserver(log, createRequestMetrics());
    observe(delivered, report);
    observe(
      { requestId: 'r2', connector: null, outcome: 'rejected', code: 'connector-unknown' },
      { ...report, status: 404 },
    );
    const withoutTime = lines.map((line) => line.slice(9));
    expect(withoutTime).toEqual([
      'info  one delivered 202 test 1.23 ms requestId=r1 bytes=17\n',
      'info  - rejected (connector-unknown) 404 1.23 ms requestId=r2 bytes=17\n',
    ]);
  });

  test('is left out below the level', () => {
    const { log, lines } = recordingLog('json', 'warn');
    createObserver(log, createRequestMetrics())(delivered, report);
    expect(lines).toEqual([]);
  });
});

test('a line for people cannot be broken by what it quotes', () => {
  const line = JSON.stringify({
    level: 'warn',
    time: '2026-01-01T10:11:12.000Z',
    msg: 'a\nb',
    reason: '\u001b[2Jx',
  });
  expect(formatLine(line, false)).toBe('10:11:12 warn  a\\nb reason=\\u{1b}[2Jx\n');
});
