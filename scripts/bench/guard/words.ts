// In: nothing. Out: how much longer ten expressions with words take than ten plain paths over the same payload, in process:
// a request from its bytes to its trigger, the evaluator alone, and the mapping alone. Rounds are interleaved; the ratio
// is the median of those within each round.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import { sampleInput } from '../../../src/compiler/sample-input.ts';
import { materialiseEvaluator } from '../../../src/stages/evaluate.ts';
import type { EvaluationInput } from '../../../src/stages/evaluation.ts';
import { parseJsonBody } from '../../../src/stages/json/json-text.ts';
import { materialiseMapping } from '../../../src/stages/mapping/map-structured.ts';
import type { ScriptRunner } from '../../../src/stages/script/script-runner.ts';

const HEAD = `apiVersion: sluice/v1
actionFlow: Flow1
samples: [one.json]
idempotency: { path: $.id }
`;
const PLAIN = `mapping:
  targetUserIds: $.data.owner.id
  variables:
    name: $.data.name
    nick: $.data.nick
    state: $.data.state
    total: $.data.currency
    created: $.data.created
    email: $.data.emails[0].email
    labels: $.data.labels[0].name
    items: $.data.items[0].quantity
    level: $.data.amount
    note: $.data.note
`;
const WORDS = `values:
  price: { path: $.data.amount, point: { currency: $.data.currency } }
mapping:
  targetUserIds: $.data.owner.id
  variables:
    name: { path: [$.data.display, $.data.name], missing: [""], default: there }
    nick: { path: $.data.nick, case: lower, default: none }
    state: { path: $.data.state, map: { "6": Resolved, "7": Closed }, default: Open }
    total: { template: "{{ price }} {{ $.data.currency }}" }
    created: { path: $.data.created, as: date-time, plus: PT2H }
    email: { path: "$.data.emails[*]", where: { path: $.primary, equals: true }, get: $.email, pick: first }
    labels: { path: "$.data.labels[*].name", join: ", " }
    items: { path: "$.data.items[*].quantity", sum: true }
    level: { path: $.data.amount, bands: [{ from: 1000, is: high }, { from: 0, is: low }] }
    note: { path: $.data.note, limit: 140 }
`;
/** 1.3 KB, as an ordinary event has. */
const SAMPLE = {
  id: 'evt_1',
  type: 'ticket.updated',
  livemode: true,
  created: 1893456000,
  data: {
    owner: { id: 'user_7', name: 'Ada Lovelace', email: 'ada@example.com', locale: 'en' },
    display: 'Ada',
    name: 'Ada Lovelace',
    nick: 'ADA',
    state: 6,
    amount: 4990,
    currency: 'EUR',
    created: '2030-01-01T00:00:00Z',
    emails: [
      { email: 'a@example.com', primary: false },
      { email: 'b@example.com', primary: true },
    ],
    labels: [{ name: 'bug' }, { name: 'urgent' }, { name: 'billing' }],
    items: [
      { sku: 'sku_1', title: 'A chair of oak', quantity: 2, price: 1990 },
      { sku: 'sku_2', title: 'A table of oak', quantity: 1, price: 1010 },
    ],
    note: 'The customer called twice and asks when the parcel will come; nobody has answered yet.',
    address: { street: 'St James Square 12', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' },
    history: Array.from({ length: 4 }, (_, index) => ({
      at: 1893450000 + index,
      by: `user_${index}`,
      to: 'open',
    })),
  },
};

const ROUNDS = 21;
const CALLS = 4_000;

const noScripts: ScriptRunner = {
  run: () => Promise.reject(new Error('nothing here has a script')),
  close: () => Promise.resolve(),
};

async function compile(mapping: string): Promise<readonly (() => unknown)[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-words-'));
  try {
    const folder = join(cwd, 'connectors');
    mkdirSync(join(folder, 'words'), { recursive: true });
    writeFileSync(join(folder, 'words/connector.yaml'), `${HEAD}id: words\n${mapping}`);
    writeFileSync(join(folder, 'words/one.json'), JSON.stringify(SAMPLE));
    const { connectors, diagnostics } = await compileConnectors({ folder, cwd, scripts: noScripts });
    const [connector] = connectors;
    const [sample] = connector?.samples ?? [];
    const plan = connector?.plan;
    if (plan?.mapping.kind !== 'structured' || sample === undefined)
      throw new Error(JSON.stringify(diagnostics));
    const evaluator = materialiseEvaluator(plan);
    const input: EvaluationInput = sampleInput(sample, plan);
    const map = materialiseMapping(plan.mapping);
    const bytes = Buffer.from(JSON.stringify(SAMPLE));
    const parse = () => {
      const parsed = parseJsonBody(bytes);
      if (!parsed.ok) throw new Error(parsed.detail);
      return parsed.value;
    };
    const evaluation = await evaluator.evaluate(input, 'test', noScripts);
    if (evaluation.kind !== 'judged' || evaluation.elements[0]?.kind !== 'mapped')
      throw new Error(JSON.stringify(evaluation));
    return [
      () => evaluator.evaluate({ ...input, body: parse() }, 'test', noScripts),
      () => evaluator.evaluate(input, 'test', noScripts),
      () => map(input.body, input.headers),
    ];
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Microseconds of processor time a call. */
async function time(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  for (let index = 0; index < CALLS; index += 1) await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / CALLS;
}

const [plain, words] = [await compile(PLAIN), await compile(WORDS)];
const names = ['a request from bytes to trigger', 'evaluated', 'mapped alone'];
for (const [index, name] of names.entries()) {
  const [one, other] = [plain[index] as () => unknown, words[index] as () => unknown];
  const rounds: (readonly [plain: number, words: number])[] = [];
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    const isEven = round % 2 === 0;
    const first = await time(isEven ? one : other);
    const second = await time(isEven ? other : one);
    if (round >= 3) rounds.push(isEven ? [first, second] : [second, first]);
  }
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[ROUNDS >> 1] as number;
  const ratio = median(rounds.map(([before, after]) => after / before));
  const us = (which: 0 | 1) => median(rounds.map((round) => round[which])).toFixed(2);
  console.log(`${name}: ${us(0)} us with ten paths, ${us(1)} us with ten words, ratio ${ratio.toFixed(2)}`);
}
