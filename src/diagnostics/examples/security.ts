/** Examples of the codes about addresses, secrets, signatures and what identifies an event. */
import type { Example } from './example.ts';

/** A scheme spelled out; `more` are further lines of it. */
function signature(more = ''): string {
  return `security:
  signature:
    sharedSecret: { env: SLUICE_SECRET_SHOP }
    signature: { header: x-signature }
${more.replace(/^(?=.)/gm, '    ')}`;
}

const LIVE = 'status: live\nidempotency: { path: $.id }\n';
const TIME = 'timestamp: { header: x-time }\n';
const SIGNED_TIME = 'template: "[timestamp].[payload]"\n';

export const ADDRESS_EXAMPLES = {
  'ip-invalid': {
    wrong: 'security: { allowIps: [10.0.0.1/8] }\n',
    right: 'security: { allowIps: [10.0.0.0/8] }\n',
  },
  'ip-overlap': {
    wrong: 'security: { allowIps: [10.0.0.0/8, 10.1.0.0/16] }\n',
    right: 'security: { allowIps: [10.0.0.0/8] }\n',
  },
  'ip-allows-all': {
    wrong: 'security: { allowIps: [0.0.0.0/0] }\n',
    right: 'security: { allowIps: [203.0.113.0/24] }\n',
  },
} as const satisfies Record<string, Example>;

export const SIGNATURE_EXAMPLES = {
  'secret-literal': {
    wrong: 'security: { signature: { preset: stripe, sharedSecret: whsec_... } }\n',
    right: 'security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n',
  },
  'secret-missing-reference': {
    wrong: 'security: { signature: { preset: stripe } }\n',
    right: 'security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n',
  },
  'secret-name-unusual': {
    wrong: 'security: { signature: { preset: stripe, sharedSecret: { env: STRIPE_SECRET } } }\n',
    right: 'security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n',
  },
  'signature-preset-unknown': {
    wrong: 'security: { signature: { preset: strpe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n',
    right: 'security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }\n',
  },
  'signature-incomplete': {
    wrong: 'security: { signature: { sharedSecret: { env: SLUICE_SECRET_SHOP } } }\n',
    right: signature(),
  },
  'signature-template-invalid': {
    wrong: signature('template: "[timestmp].[payload]"\n'),
    right: signature(`${TIME}${SIGNED_TIME}`),
  },
  'signature-timestamp-unsigned': {
    wrong: signature(TIME),
    right: signature(`${TIME}${SIGNED_TIME}`),
  },
  'signature-body-unsigned': {
    wrong: `${LIVE}${signature('type: token\n')}`,
    right: `${LIVE}${signature('type: token\n')}  bodyNotSigned: the provider sends a token alone\n`,
  },
  'signature-tolerance-off': {
    wrong: signature(`timestamp: { header: x-time, tolerance: 0 }\n${SIGNED_TIME}`),
    right: signature(`timestamp: { header: x-time, tolerance: 600 }\n${SIGNED_TIME}`),
  },
  'signature-in-query': {
    wrong: `security:
  signature: { type: token, sharedSecret: { env: SLUICE_SECRET_SHOP }, signature: { query: token } }
`,
    right: `security:
  signature: { type: token, sharedSecret: { env: SLUICE_SECRET_SHOP }, signature: { header: x-token } }
`,
  },
  'handshake-matches-sample': {
    wrong: signature('handshake: [{ proof: none, when: [{ path: $.id, exists: true }], answer: {} }]\n'),
    right: signature(
      'handshake: [{ proof: none, when: [{ path: $.webhook_id, exists: true }], answer: {} }]\n',
    ),
  },
  'signature-tenant-missing': {
    wrong: `${LIVE}security: { signature: { preset: slack, sharedSecret: { env: SLUICE_SECRET_SLACK } } }\n`,
    right: {
      'connector.yaml': `${LIVE}security: { signature: { preset: slack, sharedSecret: { env: SLUICE_SECRET_SLACK } } }
when: [{ path: $.team_id, equals: T0001 }]
`,
      'samples/one.json': '{ "id": "evt_1", "team_id": "T0001", "user": { "id": "user_1" } }\n',
      'samples/two.json': '{ "id": "evt_2", "team_id": "T0001", "user": { "id": "user_2" } }\n',
    },
  },
  'signature-tenant-open': {
    wrong: `${LIVE}security:
  bodyNotSigned: Google signs a token, not the body
  signature: { preset: google-pubsub }
`,
    right: `${LIVE}security:
  bodyNotSigned: Google signs a token, not the body
  signature: { preset: google-pubsub, jwt: { claims: { email: push@shop.iam.gserviceaccount.com } } }
`,
  },
  'signature-weak': { wrong: signature('algorithm: sha1\n'), right: signature('algorithm: sha256\n') },
  unauthenticated: { wrong: LIVE, right: `${LIVE}${signature()}` },
  'unauthenticated-accepted': {
    wrong: 'security: { unauthenticated: sensors on our own network }\n',
    right: signature(),
  },
} as const satisfies Record<string, Example>;

const HOST = `apiVersion: sluice/v1
id: shop
mapping: none
`;
const TAKES = 'eventsOf: shop\nwhen: [{ path: $.type, equals: order.created }]\n';

export const EVENT_EXAMPLES = {
  'events-of-invalid': {
    wrong: { '../shop.yaml': HOST, 'connector.yaml': `${TAKES}methods: [POST]\n` },
    right: { '../shop.yaml': HOST, 'connector.yaml': TAKES },
  },
  'events-of-shared': {
    wrong: {
      '../shop.yaml': `${HOST.replace('mapping: none', 'actionFlow: BkX2pQ\nsample: { user: { id: user_1 } }\nsilence: { sample-single: the provider documents one form }')}mapping: { targetUserIds: $.user.id }\n`,
      'connector.yaml': TAKES,
    },
    right: { '../shop.yaml': HOST, 'connector.yaml': TAKES },
  },
  'idempotency-missing': {
    wrong: `status: live\n${signature()}`,
    right: `status: live\nidempotency: { path: $.id }\n${signature()}`,
  },
  'idempotency-none': {
    wrong: `status: live\nidempotency: none\n${signature()}`,
    right: `status: live\nidempotency: { path: $.id }\n${signature()}`,
  },
  'idempotency-constant': {
    wrong: 'idempotency: { path: $.type }\n',
    right: 'idempotency: { path: $.id }\n',
  },
  'idempotency-unsigned': {
    wrong: `status: live\nidempotency: { header: x-delivery }\n${signature()}`,
    right: `status: live\nidempotency: { path: $.id }\n${signature()}`,
  },
  'test-when-unsigned': {
    wrong: `${LIVE}testWhen: { header: x-test, equals: "yes" }\n${signature()}`,
    right: `${LIVE}testWhen: { path: $.note, equals: test }\n${signature()}`,
  },
  'when-through-split': {
    wrong: {
      'connector.yaml':
        'split: $.items[*]\nwhen: [{ path: "$.items[0].title", equals: Tea }]\nmapping:\n  targetUserIds: $.title\n',
      'samples/two.json': '{ "items": [{ "title": "Tea", "price": 2 }] }\n',
    },
    right: {
      'connector.yaml':
        'split: { list: "$.items[*]", when: [{ path: $.title, equals: Tea }] }\nmapping:\n  targetUserIds: $.title\n',
      'samples/two.json': '{ "items": [{ "title": "Tea", "price": 2 }] }\n',
    },
  },
  'when-unreachable': {
    wrong: 'when:\n  - { path: $.type, equals: order.created }\n  - { path: $.type, equals: order.paid }\n',
    right: 'when:\n  - { path: $.type, in: [order.created, order.paid] }\n',
  },
} as const satisfies Record<string, Example>;
