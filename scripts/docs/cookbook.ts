/**
 * Everyday tasks of a mapping, each with a request and what comes of it: the cookbook of docs/connector.md, and a test that
 * compiles every one and compares. What stands around each (id, flow, samples) is the same and left out.
 */

export interface Task {
  readonly title: string;
  /** Keys of the connector file. */
  readonly yaml: string;
  /** Another connector that it needs: its id, and keys of its file. */
  readonly beside?: { readonly id: string; readonly yaml: string };
  readonly sample: unknown;
  /** The triggers, or the part of them that matters; the order is that of the elements. */
  readonly triggers: readonly Readonly<Record<string, unknown>>[];
}

const FOR_USER = 'mapping:\n  targetUserIds: $.user\n  variables:\n';

/** Variables for the user of the request. */
function variables(title: string, lines: string, sample: object, expected: object, before = ''): Task {
  const indented = lines.replace(/^(?=.)/gm, '    ');
  return {
    title,
    yaml: `${before}${FOR_USER}${indented}`,
    sample: { user: 'u1', ...sample },
    triggers: [{ targetUserIds: ['u1'], variables: expected }],
  };
}

const PRICE = `values:
  price: { path: $.amount, point: { currency: $.currency } }
  currency: { path: $.currency, case: upper }
`;

export const TASKS: readonly Task[] = [
  variables(
    'Another text when a value is missing, or blank',
    'name: { path: $.name, default: there }\nnick: { path: $.nick, missing: [""], default: there }\n',
    { name: null, nick: ' ' },
    { name: 'there', nick: 'there' },
  ),
  variables(
    '4990 and "eur" as 49.90 EUR',
    'total: { template: "{{ price }} {{ currency }}" }\n',
    { amount: 4990, currency: 'eur' },
    { total: '49.90 EUR' },
    PRICE,
  ),
  {
    title: 'A code as a word, a severity as a priority',
    yaml: `mapping:
  targetUserIds: $.user
  variables:
    state: { path: $.state, map: { "6": Resolved, "7": Closed }, default: Open }
  cardOptions:
    priority: { path: $.severity, case: lower, map: { critical: 1, high: 3 }, default: 5 }
`,
    sample: { user: 'u1', state: 6, severity: 'HIGH' },
    triggers: [{ variables: { state: 'Resolved' }, cardOptions: { priority: 3 } }],
  },
  variables(
    'The primary address of a list',
    'email: { path: "$.emails[*]", where: { path: $.primary, equals: true }, get: $.email, pick: first }\n',
    {
      emails: [
        { email: 'a@example.com', primary: false },
        { email: 'b@example.com', primary: true },
      ],
    },
    { email: 'b@example.com' },
  ),
  variables(
    'The custom field with a certain id',
    'team: { path: "$.custom_fields[*]", where: { path: $.id, equals: 360001 }, get: $.value, pick: first }\n',
    {
      custom_fields: [
        { id: 5, value: 'x' },
        { id: 360001, value: 'Ops' },
      ],
    },
    { team: 'Ops' },
  ),
  variables(
    'The last entry of a history',
    'status: "$.history[-1].status"\n',
    { history: [{ status: 'new' }, { status: 'done' }] },
    { status: 'done' },
  ),
  variables(
    'Labels as one text',
    'labels: { path: "$.labels[*].name", join: ", ", default: none }\n',
    { labels: [{ name: 'bug' }, { name: 'urgent' }] },
    { labels: 'bug, urgent' },
  ),
  variables(
    'How many, and quantities together',
    'items: { path: "$.items[*]", count: true }\nquantity: { path: "$.items[*].quantity", sum: true }\n',
    { items: [{ quantity: 2 }, { quantity: 3 }] },
    { items: 2, quantity: 5 },
  ),
  {
    title: 'A card for each element, with the owner in the envelope',
    yaml: `split: $.alerts[*]
idempotency: [{ path: $$.group }, { path: $.id }]
mapping:
  targetUserIds: $$.owner.id
  variables: { alert: $.name }
`,
    sample: {
      group: 'g1',
      owner: { id: 'u1' },
      alerts: [
        { id: 1, name: 'Disk' },
        { id: 2, name: 'Load' },
      ],
    },
    triggers: [
      { targetUserIds: ['u1'], variables: { alert: 'Disk' } },
      { targetUserIds: ['u1'], variables: { alert: 'Load' } },
    ],
  },
  {
    title: 'Only the bounces of a batch, and none of the tests',
    yaml: `split:
  list: $[*]
  when: [{ path: $.event, equals: bounce }]
  testWhen: { path: $.test, equals: true }
idempotency: { path: $.id }
mapping:
  targetUserIds: $.user
`,
    sample: [
      { id: 1, event: 'open', user: 'u1', test: false },
      { id: 2, event: 'bounce', user: 'u2', test: false },
    ],
    triggers: [{ targetUserIds: ['u2'] }],
  },
  {
    title: 'JSON in a text field (Slack, SNS)',
    yaml: `unwrap: [$.payload]
mapping:
  targetUserIds: $.payload.user.id
`,
    sample: { payload: '{"user":{"id":"u1"}}' },
    triggers: [{ targetUserIds: ['u1'] }],
  },
  {
    title: 'JSON in base64 (Pub/Sub)',
    yaml: `unwrap: [{ path: $.message.data, from: base64 }]
mapping:
  targetUserIds: $.message.data.user
`,
    sample: { message: { data: Buffer.from('{"user":"u1"}').toString('base64') } },
    triggers: [{ targetUserIds: ['u1'] }],
  },
  {
    title: 'A card that expires two hours after the event',
    yaml: `mapping:
  targetUserIds: $.user
  cardOptions:
    expires: { path: $.created, as: date-time, plus: PT2H }
`,
    sample: { user: 'u1', created: '2099-01-04T10:00:00Z' },
    triggers: [{ cardOptions: { expires: '2099-01-04T12:00:00.000Z' } }],
  },
  variables(
    'Times of any sender: seconds, milliseconds, mail, HTTP, GitLab',
    'seconds: { path: $.s, as: date-time }\nmail: { path: $.mail, as: date-time }\ngitlab: { path: $.gitlab, as: date }\n',
    { s: 1893456000, mail: 'Tue, 01 Jan 2030 01:00:00 +0100', gitlab: '2030-01-01 00:00:00 UTC' },
    { seconds: '2030-01-01T00:00:00.000Z', mail: '2030-01-01T00:00:00.000Z', gitlab: '2030-01-01' },
  ),
  {
    title: 'The assignee, else the owner',
    yaml: `mapping:
  targetUserIds: { path: [$.assignee.id, $.owner.id], missing: [""] }
`,
    sample: { assignee: { id: '' }, owner: { id: 'u2' } },
    triggers: [{ targetUserIds: ['u2'] }],
  },
  {
    title: 'Author, assignees and watchers, each once, without who did it',
    yaml: `mapping:
  targetUserIds:
    list: [$.author.id, "$.assignees[*].id", "$.watchers[*].id"]
    except: [$.actor.id]
`,
    sample: {
      author: { id: 1 },
      assignees: [{ id: 2 }, { id: 1 }],
      watchers: [{ id: 3 }],
      actor: { id: 3 },
    },
    triggers: [{ targetUserIds: ['1', '2'] }],
  },
  {
    title: 'Recipients in one text, in lower case',
    yaml: `mapping:
  targetUserIds: { path: $.cc, separator: ",", case: lower }
`,
    sample: { cc: 'Ada@Example.com, bob@example.com' },
    triggers: [{ targetUserIds: ['ada@example.com', 'bob@example.com'] }],
  },
  {
    title: 'Recipients by team',
    yaml: `mapping:
  targetUserIds: { path: $.team, map: { ops: [u1, u2], sales: [u3] } }
`,
    sample: { team: 'ops' },
    triggers: [{ targetUserIds: ['u1', 'u2'] }],
  },
  {
    title: 'Only when the amount is above 100 and it is no draft',
    yaml: `when:
  - { path: $.amount, above: 100 }
  - { path: $.state, notEquals: draft }
mapping:
  targetUserIds: $.user
`,
    sample: { user: 'u1', amount: '100.01', state: 'open' },
    triggers: [{ targetUserIds: ['u1'] }],
  },
  {
    title: 'One of several reasons',
    yaml: `when:
  - any: [{ path: $.priority, equals: high }, { path: $.labels, contains: vip }]
mapping:
  targetUserIds: $.user
`,
    sample: { user: 'u1', priority: 'low', labels: ['vip'] },
    triggers: [{ targetUserIds: ['u1'] }],
  },
  variables(
    'The name that belongs to an id elsewhere in the body',
    'author: { path: "$.included[*]", where: { path: $.id, equals: { path: $$.author } }, get: $.name, pick: first }\n',
    {
      author: '7',
      included: [
        { id: '6', name: 'Bob' },
        { id: '7', name: 'Ada' },
      ],
    },
    { author: 'Ada' },
  ),
  {
    title: 'Several kinds of events on one URL, each with its own text',
    beside: {
      id: 'shop',
      yaml: 'mapping: none\nsecurity: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_SHOP } } }\n',
    },
    yaml: `eventsOf: shop
when: [{ path: $.type, equals: order.refunded }]
mapping:
  targetUserIds: $.user
  variables: { text: { template: "{{ $.order }} was refunded" } }
`,
    sample: { id: 'evt_1', type: 'order.refunded', user: 'u1', order: 'A-7' },
    triggers: [{ targetUserIds: ['u1'], variables: { text: 'A-7 was refunded' } }],
  },
  variables(
    'An old and a new version of an API',
    'name: { path: [$.customer.name, $.customer_name] }\n',
    { customer: { name: 'Ada' }, customer_name: 'Ada' },
    { name: 'Ada' },
  ),
  variables(
    'An amount as a priority, a long text cut',
    'level: { path: $.amount, bands: [{ from: 1000, is: high }, { from: 0, is: low }] }\nnote: { path: $.note, limit: 10 }\n',
    { amount: 250, note: 'a rather long note' },
    { level: 'low', note: 'a rather…' },
  ),
  variables(
    'A link with a value in it',
    'link: { template: "https://example.com/?q={{ query }}" }\n',
    { q: 'a b&c' },
    { link: 'https://example.com/?q=a%20b%26c' },
    'values:\n  query: { path: $.q, as: url }\n',
  ),
];
