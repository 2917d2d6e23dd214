/** Examples of the codes about samples, paths, the mapping and the shape. */
import type { Example } from './example.ts';

const LIVE = `status: live
idempotency: { path: $.id }
security: { signature: { preset: gitlab, sharedSecret: { env: SLUICE_SECRET_SHOP } } }
`;

export const SAMPLE_EXAMPLES = {
  'sample-missing': {
    wrong: 'apiVersion: sluice/v1\nid: orders\nactionFlow: BkX2pQ\nmapping: { targetUserIds: $.user.id }\n',
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'sample-missing-live': {
    wrong: `apiVersion: sluice/v1\nid: orders\nactionFlow: BkX2pQ\nmapping: { targetUserIds: $.user.id }\n${LIVE}`,
    right: `samples: [samples/one.json, samples/two.json]\n${LIVE}`,
  },
  'sample-invalid': {
    wrong: { 'samples/one.json': '{ "user": { "id": "user_1" }, }\n' },
    right: { 'samples/one.json': '{ "user": { "id": "user_1" } }\n' },
  },
  'sample-single': {
    wrong: 'samples: [samples/one.json]\n',
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'samples-differ': {
    wrong: { 'samples/two.json': '{ "type": "order.paid", "user": { "id": "user_2" } }\n' },
    right: {
      'connector.yaml': 'when: [{ path: $.type, in: [order.created, order.paid] }]\n',
      'samples/two.json': '{ "type": "order.paid", "user": { "id": "user_2" } }\n',
    },
  },
  'sample-not-selected': {
    wrong: 'when: [{ path: $.type, equals: order.paid }]\n',
    right: 'when: [{ path: $.type, equals: order.created }]\n',
  },
  'sample-empty-batch': {
    wrong: {
      'connector.yaml': 'split: $.items[*]\nmapping:\n  targetUserIds: $.title\n',
      'samples/one.json': '{ "items": [] }\n',
    },
    right: {
      'connector.yaml': 'split: $.items[*]\nmapping:\n  targetUserIds: $.title\n',
      'samples/one.json': '{ "items": [{ "title": "Tea" }] }\n',
    },
  },
  'sample-held': {
    wrong: { 'samples/two.json': '{ "id": "evt_2", "type": "order.created", "user": null }\n' },
    right: { 'samples/two.json': '{ "id": "evt_2", "type": "order.created", "user": { "id": "user_2" } }\n' },
  },
} as const satisfies Record<string, Example>;

/** Samples of an event of Stripe, of whose customers the name may be null. */
function customer(name: string): Record<string, string> {
  const sample = (id: string): string =>
    `{ "id": "evt_${id}", "type": "customer.created", "data": { "object": { "id": "cus_${id}", "name": "Ada" } } }\n`;
  return {
    'connector.yaml': `mapping:\n  targetUserIds: $.data.object.id\n  variables:\n    name: ${name}\nsecurity: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n`,
    'samples/one.json': sample('1'),
    'samples/two.json': sample('2'),
  };
}

/** A mapping with one variable. */
function variable(written: string): string {
  return `mapping:\n  targetUserIds: $.user.id\n  variables:\n    value: ${written}\n`;
}

export const MAPPING_EXAMPLES = {
  'path-may-be-missing': {
    wrong: customer('$.data.object.name'),
    right: customer('{ path: $.data.object.name, default: "" }'),
  },
  'variable-missing': {
    wrong: {
      'connector.yaml': 'mapping:\n  targetUserIds: $.user.id\n  variables: { note: $.note }\n',
      'samples/one.json': '{ "id": "evt_1", "user": { "id": "user_1" }, "note": "with milk" }\n',
      'samples/two.json': '{ "id": "evt_2", "user": { "id": "user_2" } }\n',
    },
    right: {
      'connector.yaml':
        'mapping:\n  targetUserIds: $.user.id\n  variables: { note: { path: $.note, default: "" } }\n',
      'samples/one.json': '{ "id": "evt_1", "user": { "id": "user_1" }, "note": "with milk" }\n',
      'samples/two.json': '{ "id": "evt_2", "user": { "id": "user_2" } }\n',
    },
  },
  'path-invalid': { wrong: variable('$.items[first].title'), right: variable('$.items[0].title') },
  'path-filter-refused': {
    wrong: variable('$.items[?(@.price > 1)].title'),
    right: variable('$.items[0].title'),
  },
  'path-key-forbidden': { wrong: variable('$.constructor.name'), right: variable('$.type') },
  'path-not-in-sample': { wrong: variable('$.user.emial'), right: variable('$.user.id') },
  'paths-too-costly': {
    wrong: {
      'connector.yaml':
        'mapping:\n  targetUserIds: $..user_id\n  variables: { total: $..total, name: $..name }\n',
      'samples/one.json': { long: '{ "user_id": "user_1", "total": 3, "name": "Ada", "list": [...] }\n' },
      'samples/two.json': '{ "user_id": "user_2", "total": 4, "name": "Bo", "list": [1] }\n',
    },
    right: {
      'connector.yaml':
        'mapping:\n  targetUserIds: $.user_id\n  variables: { total: $.total, name: $.name }\n',
      'samples/one.json': { long: '{ "user_id": "user_1", "total": 3, "name": "Ada", "list": [...] }\n' },
      'samples/two.json': '{ "user_id": "user_2", "total": 4, "name": "Bo", "list": [1] }\n',
    },
  },
  'expression-invalid': {
    wrong: variable('{ path: $.note, template: none }'),
    right: variable('{ path: $.note, default: none }'),
  },
  'default-invalid': {
    wrong:
      'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { priority: { path: $.user.name, default: high } }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { priority: 3 }\n',
  },
  'recipient-of-several': {
    wrong: {
      'connector.yaml': 'mapping: { targetUserIds: $.to }\n',
      'samples/one.json': '{ "id": "evt_1", "to": "ada@example.com, bob@example.com" }\n',
      'samples/two.json': '{ "id": "evt_2", "to": "eve@example.com" }\n',
    },
    right: {
      'connector.yaml': 'mapping: { targetUserIds: { path: $.to, separator: "," } }\n',
      'samples/one.json': '{ "id": "evt_1", "to": "ada@example.com, bob@example.com" }\n',
      'samples/two.json': '{ "id": "evt_2", "to": "eve@example.com" }\n',
    },
  },
  'time-dummy': {
    wrong: {
      'connector.yaml': 'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { expires: $.ends }\n',
      'samples/one.json': '{ "id": "evt_1", "user": { "id": "user_1" }, "ends": "0001-01-01T00:00:00Z" }\n',
      'samples/two.json': '{ "id": "evt_2", "user": { "id": "user_2" }, "ends": "2031-05-01T00:00:00Z" }\n',
    },
    right: {
      'connector.yaml':
        'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { expires: { path: $.ends, default: null } }\n',
      'samples/one.json': '{ "id": "evt_1", "user": { "id": "user_1" }, "ends": "0001-01-01T00:00:00Z" }\n',
      'samples/two.json': '{ "id": "evt_2", "user": { "id": "user_2" }, "ends": "2031-05-01T00:00:00Z" }\n',
    },
  },
  'number-rewritten': {
    wrong: 'mapping:\n  targetUserIds: $.user.id\n  variables: { version: 1.10 }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  variables: { version: "1.10" }\n',
  },
  'braces-unfilled': {
    wrong: 'mapping:\n  targetUserIds: $.user.id\n  variables: { hello: "Hello {{name}}" }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  variables: { hello: { template: "Hello {{ $.id }}" } }\n',
  },
  'target-looks-like-path': {
    wrong: 'mapping:\n  targetUserIds: user.id\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n',
  },
  'literal-looks-like-path': {
    wrong: variable('{ template: "Order { $.id }" }'),
    right: variable('{ template: "Order {{ $.id }}" }'),
  },
  'template-default-missing': {
    wrong: variable('{ template: "Hello {{ $.user.name }}" }'),
    right: variable('{ template: "Hello {{ $.user.name }}", default: Hello }'),
  },
  'output-key-forbidden':
    'Such a key in a connector file is reported as key-forbidden before the mapping is looked at.',
  'trigger-invalid': {
    wrong: 'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { priority: 50 }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  cardOptions: { priority: 5 }\n',
  },
  'mapping-no-targets': {
    wrong: {
      'connector.yaml': 'mapping:\n  targetUserIds: $.watchers[*]\n',
      'samples/one.json': '{ "watchers": [] }\n',
      'samples/two.json': '{ "watchers": ["user_1"] }\n',
    },
    right: {
      'connector.yaml': 'mapping:\n  targetUserIds: $.watchers[*]\n',
      'samples/one.json': '{ "watchers": ["user_2"] }\n',
      'samples/two.json': '{ "watchers": ["user_1"] }\n',
    },
  },
  'split-not-list': {
    wrong: 'split: $.user[*]\nmapping:\n  targetUserIds: $.title\n',
    right: 'split: $.items[*]\nmapping:\n  targetUserIds: $.title\n',
  },
  'shape-exact-batch': { wrong: 'shape: { policy: exact }\n', right: 'shape: { policy: mapped }\n' },
} as const satisfies Record<string, Example | string>;
