/** Mapping scripts through the command line and HTTP: the same result wherever they run, and no process where none is. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, Workspace } from './harness.ts';

const FILES = {
  'connector.yaml': `apiVersion: sluice/v1
id: orders
actionFlow: F1
status: live
samples: [one.json, two.json]
mapping: { script: mapping.ts }
idempotency: { path: $.id }
security: { unauthenticated: a test on this machine alone }
`,
  'one.json': '{ "id": "1", "user": "u1", "lines": [{ "title": "Tea", "price": 3 }], "note": "now" }',
  'two.json': '{ "id": "2", "user": "u2", "lines": [], "note": "later" }',
  'mapping.ts': `import type { Request, Trigger } from './mapping.types.d.ts';
import { sum } from './lib/sum.ts';

/** Anything that could differ from run to run is in the result. */
export default function map({ body, receivedAt }: Request): Trigger | null {
  if (body.note === 'never') return null;
  return {
    targetUserIds: [body.user],
    variables: { total: sum(body.lines), titles: body.lines.map((line) => line.title).join(), order: Object.keys(body).join() },
    metadata: { zone: new Date(0).getHours(), text: (1234.5).toLocaleString(), isNow: receivedAt === new Date().toJSON() },
  };
}
`,
  'lib/sum.ts': `type Line = { readonly price: number };

export function sum(lines: readonly Line[]): number {
  return lines.reduce((total, { price }) => {
    if (price < 0) throw new RangeError('a price below zero');
    return total + price;
  }, 0);
}
`,
  'cases/events.yaml': `- note: as the first sample
  request: { sample: one.json }
  want: { outcome: delivered }
- note: as the second
  request: { sample: two.json }
  want: { outcome: delivered }
- note: never
  request: { sample: one.json, set: { $.note: never } }
  want: { outcome: ignored, code: script-ignored }
- note: a failure
  request: { sample: one.json, set: { '$.lines[0].price': -1 } }
  want: { outcome: held, code: script-error }
`,
} as const;
const PLACE = 'lib/sum.ts:5:26';

interface Trigger {
  readonly flowInvocationId?: string;
}

function withoutId(trigger: Trigger): object {
  return { ...trigger, flowInvocationId: '' };
}

/** Processes that were started by this one, and by those. */
function descendants(pid: number): readonly string[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.flatMap((child) => [
    readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' '),
    ...descendants(Number(child)),
  ]);
}

describe('a connector with a script', () => {
  const workspace = new Workspace();
  let server: Server;

  const post = async (body: unknown) => {
    const response = await fetch(`${server.ingress}/c/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { outcome: string; code?: string };
  };
  const sample = (name: 'one.json' | 'two.json') => JSON.parse(FILES[name]) as Record<string, unknown>;

  beforeAll(async () => {
    for (const [name, text] of Object.entries(FILES)) {
      const path = workspace.path('connectors/orders', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    await workspace.sluice('types', 'orders');
    server = await workspace.start('dev', 'connectors');
  }, 60_000);
  afterAll(() => workspace.close());

  test('gives the same triggers in preview, in its cases and in a running server', async () => {
    const preview = await workspace.json<{ samples: { elements: { trigger: Trigger }[] }[] }>(
      'preview',
      'orders',
    );
    const { cases } = await workspace.json<{
      cases: { ok: boolean; outcome: string; code: string; trigger: Trigger }[];
    }>('test', '--connector', 'orders');
    expect(cases.map(({ ok, outcome, code }) => [ok, outcome, code])).toEqual([
      [true, 'delivered', 'delivered'],
      [true, 'delivered', 'delivered'],
      [true, 'ignored', 'script-ignored'],
      [true, 'held', 'script-error'],
    ]);

    const before = workspace.triggers().length;
    expect(await post(sample('one.json'))).toMatchObject({ outcome: 'delivered' });
    expect(await post(sample('two.json'))).toMatchObject({ outcome: 'delivered' });
    expect(await post({ ...sample('one.json'), id: '3', note: 'never' })).toMatchObject({
      outcome: 'ignored',
    });
    const served = workspace.triggers().slice(before);

    expect(served).toHaveLength(2);
    for (const [index, { trigger }] of served.entries()) {
      const previewed = preview.samples[index]?.elements[0]?.trigger as Trigger;
      expect(withoutId(previewed)).toEqual(withoutId(trigger as Trigger));
      expect(withoutId(cases[index]?.trigger as Trigger)).toEqual(withoutId(trigger as Trigger));
    }
    expect(served[0]?.trigger).toMatchObject({
      targetUserIds: ['u1'],
      variables: { total: 3, titles: 'Tea', order: 'id,user,lines,note' },
      metadata: { zone: 0, text: '1,234.5', isNow: true },
    });
  }, 60_000);

  test('says where it failed, in the held request and in the log, without a value of the payload in the log', async () => {
    const answer = await post({
      ...sample('one.json'),
      id: '4',
      lines: [{ title: 'secret tea', price: -1 }],
    });
    expect(answer).toMatchObject({ outcome: 'held', code: 'script-error' });
    const { holds } = await workspace.json<{ holds: { id: string; message: string }[] }>(
      'held',
      'list',
      '--connector',
      'orders',
    );
    expect(holds.map(({ message }) => message)).toEqual([`RangeError: a price below zero (${PLACE})`]);
    await server.says(/"code":"script-error".*"at":"lib\/sum\.ts:5:26"/);
    expect(server.output).not.toContain('secret tea');
  }, 60_000);

  test('fails with the same words at the same place in check, preview, its cases and a running server', async () => {
    const path = workspace.path('connectors/orders/two.json');
    const text = FILES['two.json'].replace('[]', '[{ "title": "Jam", "price": -2 }]');
    writeFileSync(path, text);
    try {
      const words = 'RangeError: a price below zero';
      const checked = await workspace.sluice('check', 'connectors');
      expect(checked.code).toBe(1);
      expect(checked.stderr).toContain(
        `connectors/orders/${PLACE}: error: the script fails on the sample "two.json": ${words}`,
      );
      const previewed = await workspace.sluice('preview', 'orders');
      expect(previewed.code).toBe(1);
      expect(previewed.stderr).toContain(
        `connectors/orders/${PLACE}: error: the script fails on the sample "two.json": ${words}`,
      );
    } finally {
      writeFileSync(path, FILES['two.json']);
    }

    // A case that wants what does not come says why.
    const cases = workspace.path('connectors/orders/cases/events.yaml');
    writeFileSync(
      cases,
      FILES['cases/events.yaml'].replace('{ outcome: held, code: script-error }', '{ outcome: delivered }'),
    );
    try {
      const tested = await workspace.sluice('test', 'connectors', '--connector', 'orders');
      expect(tested.code).toBe(1);
      expect(tested.stdout).toContain(`RangeError: a price below zero (${PLACE})\n`);
    } finally {
      writeFileSync(cases, FILES['cases/events.yaml']);
    }
  }, 60_000);
});

describe('script processes', () => {
  test.each([
    ['there are none where no connector has a script', true],
    ['there are some where one has', false],
  ] as const)(
    '%s',
    async (_, isWithout) => {
      const workspace = new Workspace();
      try {
        if (isWithout) rmSync(workspace.path('connectors/pagerduty-incident'), { recursive: true });
        const server = await workspace.start('dev', 'connectors');
        for (const id of ['stripe-payment-failed', ...(isWithout ? [] : ['pagerduty-incident'])]) {
          expect((await workspace.sluice('send', id)).code).toBe(0);
        }
        const started = descendants(server.pid).filter((command) => /script-host|esbuild/.test(command));
        expect(started.length > 0).toBe(!isWithout);
      } finally {
        await workspace.close();
      }
    },
    60_000,
  );
});
