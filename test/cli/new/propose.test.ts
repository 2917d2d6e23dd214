// Proposals for real payloads: GitHub's own examples, and the samples of the example connectors.
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJsonBody } from '../../../src/stages/json/json-text.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import { type EvaluationSample, readSample } from '../../../src/stages/sample.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { listLeaves, wordsOf } from '../../../src/workbench/new/leaves.ts';
import { propose, recognisePresets } from '../../../src/workbench/new/propose.ts';
import { SURE } from '../../../src/workbench/new/propose-targets.ts';

const root = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);

interface Event {
  readonly name: string;
  readonly examples: readonly (JsonValue & { readonly action?: string })[];
}
const events: readonly Event[] = require('@octokit/webhooks-examples');

function exampleOf(name: string, action?: string): EvaluationSample {
  const example = events
    .find((event) => event.name === name)
    ?.examples.find((one) => action === undefined || one.action === action);
  if (example === undefined) throw new Error(`no example of ${name} ${action}`);
  return readSample(name, { headers: { 'x-github-event': name }, body: example });
}

function samplesOf(connector: string): readonly EvaluationSample[] {
  return globSync(join(root, 'connectors', connector, 'samples/*.json'))
    .sort()
    .map((file) => {
      const parsed = parseJsonBody(readFileSync(file));
      if (!parsed.ok) throw new Error(parsed.detail);
      return readSample(file, parsed.value);
    });
}

const sample = (body: JsonValue, headers = {}): EvaluationSample => readSample('one', { headers, body });
const conditions = ({ when }: ReturnType<typeof propose>): readonly string[] =>
  when.map(({ path, header, values }) => `${path ?? header}=${values.join('|')}`);

describe("GitHub's examples", () => {
  test.each([
    ['pull_request', 'assigned', '$.assignee.id', true],
    ['issues', 'assigned', '$.assignee.id', true],
    ['issue_comment', 'created', '$.issue.user.id', true],
    ['membership', 'removed', '$.member.id', true],
    ['org_block', 'blocked', '$.blocked_user.id', true],
    // Who made it happen is in every event.
    ['star', 'created', '$.sender.id', true],
    ['dependabot_alert', 'fixed', '$.sender.id', true],
  ])('%s %s: %s', (name, action, target, isSure) => {
    const { targets, when } = propose([exampleOf(name, action)], PRESETS.get('github') ?? null);
    expect(targets[0]?.path).toBe(target);
    expect((targets[0]?.score ?? 0) >= SURE).toBe(isSure);
    expect(when).toEqual([
      { header: 'x-github-event', values: [name], reason: expect.any(String) },
      { path: '$.action', values: [action], reason: expect.any(String) },
    ]);
  });

  test('of all events: every proposal is a path of the payload, once, with a reason and no value', () => {
    expect(events.length).toBeGreaterThan(50);
    for (const { name, examples } of events) {
      const [body = null] = examples;
      const { targets, variables, paths } = propose([sample(body)], null);
      const proposed = [...targets, ...variables];
      for (const { path, reason } of proposed) {
        expect(paths, name).toContain(path);
        expect(reason, name).toMatch(/^[a-z ,';-]{4,80}$/);
      }
      const lists = [targets.map(({ path }) => path), variables.map(({ name: variable }) => variable)];
      for (const list of lists) expect(new Set(list).size, name).toBe(list.length);
      const scores = targets.map(({ score }) => score);
      expect(scores, name).toEqual(scores.toSorted((left, right) => right - left));
    }
  });
});

describe('the example connectors', () => {
  const cases: readonly (readonly [string, string | null, object])[] = [
    [
      'stripe-payment-failed',
      'stripe',
      {
        target: '$.data.object.metadata.user_id',
        when: ['$.type=payment_intent.payment_failed'],
        testWhen: '$.livemode',
        id: '$.id',
        variables: expect.arrayContaining(['amount', 'currency']),
      },
    ],
    [
      'github-review-requested',
      'github',
      {
        target: '$.requested_reviewer.id',
        when: ['x-github-event=pull_request', '$.action=review_requested'],
        id: undefined,
        variables: expect.arrayContaining(['pull_request_title', 'pull_request_html_url']),
      },
    ],
    [
      'slack-app-mention',
      'slack',
      {
        target: '$.authorizations[*].user_id',
        // The last: which workspace is ours.
        when: ['$.type=event_callback', '$.event.type=app_mention', '$.team_id=T0001'],
        id: '$.event_id',
        variables: ['text'],
      },
    ],
    [
      'shopify-order-created',
      'shopify',
      {
        target: '$.customer.id',
        when: ['x-shopify-topic=orders/create', 'x-shopify-shop-domain=octo-store.myshopify.com'],
        testWhen: '$.test',
        // An order's id is no event's id.
        id: undefined,
        variables: expect.arrayContaining(['currency', 'order_number']),
      },
    ],
    [
      'pagerduty-incident',
      'pagerduty',
      {
        target: '$.event.data.assignees[*].id',
        when: ['$.event.event_type=incident.escalated|incident.triggered'],
        id: '$.event.id',
        variables: expect.arrayContaining(['title', 'html_url', 'urgency']),
      },
    ],
    [
      'zendesk-ticket-updated',
      'zendesk',
      {
        target: '$.detail.requester_id',
        when: ['$.type=zen:event-type:ticket.status_changed'],
        id: '$.id',
        variables: expect.arrayContaining(['subject', 'status']),
      },
    ],
    [
      'servicenow-incident',
      null,
      {
        target: '$.record.caller_id.sys_id',
        when: [],
        id: '$.event_id',
        variables: expect.arrayContaining(['short_description', 'number']),
      },
    ],
    [
      'hubspot-contact-changed',
      'hubspot-v3',
      { split: '$[*]', target: '$.objectId', when: [], id: '$.eventId', variables: [] },
    ],
  ];
  test.each(cases)('%s', (connector, preset, expected) => {
    const found = propose(samplesOf(connector), PRESETS.get(preset ?? '') ?? null);
    expect({
      target: found.targets[0]?.path,
      when: conditions(found),
      id: found.idempotency[0]?.path,
      variables: found.variables.map(({ name }) => name),
      split: found.split ?? undefined,
      testWhen: found.testWhen?.path,
    }).toEqual({ split: undefined, testWhen: undefined, ...expected });
  });
});

test.each([
  [{ metadata: { user_id: 'u1' }, customer: { id: 'c1' } }, '$.metadata.user_id'],
  [{ userId: 'u1', sender: { id: 's1' } }, '$.userId'],
  [{ customer: 'cus_1', user: { email: 'a@example.com' } }, '$.customer'],
  [{ assignedTo: { userName: 'ada' } }, '$.assignedTo.userName'],
  [{ recipients: [{ id: 'r1' }, { id: 'r2' }], actor: { id: 'a1' } }, '$.recipients[*].id'],
  [{ repository: { owner: { id: 1 } }, sender: { id: 2 } }, '$.sender.id'],
  [{ 'sold to': { 'user id': 'u1' } }, "$['sold to']['user id']"],
  // No id: a flag, a text with spaces, an address of the web, nothing.
  [{ user: { id: true }, customer: 'Ada Lovelace', contact: 'https://example.com/1' }, undefined],
  [{ user: { id: null } }, undefined],
  ['only a text', undefined],
])('of %j the user is at %s', (body, path) => {
  expect(propose([sample(body as JsonValue)], null).targets[0]?.path).toBe(path);
});

test('what only some samples have is proposed last, and needs a default', () => {
  const one = sample({ type: 'paid', user: { id: 'u1' }, assignee: { id: 'x' }, title: 'T', status: 'open' });
  const two = sample({ type: 'sent', user: { id: 'u2' }, assignee: null, title: 'U', status: null });
  const { targets, variables, when } = propose([one, two], null);
  expect(targets.map(({ path }) => path)).toEqual(['$.user.id', '$.assignee.id']);
  expect(targets[1]).toMatchObject({ reason: expect.stringContaining('not in every sample') });
  expect(variables.map(({ name, optional }) => [name, optional])).toEqual([
    ['title', false],
    ['status', true],
  ]);
  expect(when).toEqual([{ path: '$.type', values: ['paid', 'sent'], reason: expect.any(String) }]);
});

test('a preset is recognised by its signature header, and a bearer token is nobody in particular', () => {
  const names = (headers: Record<string, string>): readonly string[] =>
    recognisePresets([sample({}, headers)]).map(({ name }) => name);
  expect(names({ 'stripe-signature': 't=1,v1=a' })).toEqual(['stripe']);
  expect(names({ 'x-hub-signature-256': 'sha256=00' })).toEqual(['github', 'meta']);
  expect(names({ 'x-hub-signature-256': 'sha256=00', 'x-github-event': 'push' })).toEqual(['github']);
  expect(names({ authorization: 'Bearer x' })).toEqual([]);
  expect(recognisePresets([])).toEqual([]);
});

test('leaves are bounded, hold no forbidden names, and words are found in any spelling', () => {
  const many = Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`k${index}`, index]));
  expect(listLeaves([many])).toHaveLength(5_000);
  expect(listLeaves([JSON.parse('{"__proto__":{"id":1},"a":1}')]).map(({ path }) => path)).toEqual(['$.a']);
  expect(['assignedTo', 'assigned-to', 'ASSIGNED_TO'].map((name) => wordsOf(name).join(' '))).toEqual(
    Array(3).fill('assigned to'),
  );
});

const first = (body: object, headers: Record<string, string> = {}, preset: string | null = null) =>
  propose([sample(body as JsonValue, headers)], PRESETS.get(preset ?? '') ?? null);

test.for([
  [{ x_event: 1 }, { 'x-gitlab-event': 'Merge Request Hook' }, []],
  [{ object_kind: 'merge_request' }, { 'x-gitlab-event': 'Merge Request Hook' }, []],
  [{ event_type: 'merge_request', object_kind: 'merge_request' }, {}, ['$.event_type']],
  [{ type: 'order', action: 'paid' }, {}, ['$.type', '$.action']],
  [{ type: 'order.paid', action: 'paid' }, {}, ['$.type']],
] as const)('one condition where one is enough: %j', ([body, headers, paths]) => {
  const { when } = first(body, headers);
  expect(when.flatMap(({ path }) => path ?? [])).toEqual(paths);
  expect(when.flatMap(({ header }) => header ?? [])).toEqual(Object.keys(headers));
});
