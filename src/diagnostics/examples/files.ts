/** Examples of the codes about files, their text and the identity of a connector. */
import type { Example } from './example.ts';

const WHOLE = `apiVersion: sluice/v1
id: orders
actionFlow: BkX2pQ
samples: [samples/one.json, samples/two.json]
`;
const MAPPING = 'mapping: { targetUserIds: $.user.id }\n';
/** A flat connector beside that of the example. */
const INVOICES = `${WHOLE.replace('orders', 'invoices').replace(/samples.*/, 'sample: { user: { id: user_1 } }')}silence: { sample-single: the provider documents one form }
${MAPPING}`;

const ONE = 'samples/one.json';

/** A plain sample, for examples that have samples of their own. */
export const SAMPLE = '{ "id": "evt_1", "user": { "id": "user_1" } }\n';

export const FILE_EXAMPLES = {
  'folder-empty': {
    wrong: { '../orders.txt': 'id: orders\n', 'connector.yaml': { absent: true } },
    right: 'id: orders\n',
  },
  'connector-ignored': {
    wrong: { '../invoices.yml': 'id: invoices\n' },
    right: { '../.invoices.yml': 'id: invoices\n' },
  },
  'folder-is-connector': {
    wrong: { 'connector.yaml': { absent: true }, '../connector.yaml': `${WHOLE}${MAPPING}` },
    right: { 'connector.yaml': `${WHOLE}${MAPPING}` },
  },
  'connector-misnamed': {
    wrong: { '../invoices/connector.yml': `${WHOLE.replace('orders', 'invoices')}${MAPPING}` },
    right: { '../invoices.yaml': INVOICES },
  },
  'file-unreadable': {
    wrong: 'samples: [samples/one.json, samples]\n',
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'file-too-large': {
    wrong: { [ONE]: { bytes: 2 * 1024 * 1024 } },
    right: { [ONE]: SAMPLE },
  },
  'file-not-utf8': {
    wrong: { [ONE]: { latin1: '{ "user": { "id": "Ren\u00e9" } }\n' } },
    right: { [ONE]: '{ "user": { "id": "Ren\u00e9" } }\n' },
  },
  'reference-missing': {
    wrong: 'samples: [samples/one.json, samples/tow.json]\n',
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'reference-escapes': {
    wrong: 'samples: [samples/one.json, ../invoices/two.json]\n',
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'entry-refused': {
    wrong: { '../invoices/.git': 'gitdir: ../../.git/modules/invoices\n' },
    right: 'id: orders\n',
  },
  'reference-symlink': {
    wrong: { 'samples/two.json': { link: 'one.json' } },
    right: { 'samples/two.json': SAMPLE },
  },
} as const satisfies Record<string, Example>;

export const TEXT_EXAMPLES = {
  'yaml-invalid': {
    wrong: 'description: Tell: the customer\n',
    right: 'description: "Tell: the customer"\n',
  },
  'yaml-feature-refused': {
    wrong: 'mapping:\n  targetUserIds: &user $.user.id\n  variables: { user: *user }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  variables: { user: $.user.id }\n',
  },
  'yaml-too-deep': {
    wrong: `sample: ${'['.repeat(65)}${']'.repeat(65)}\n`,
    right: 'samples: [samples/one.json, samples/two.json]\n',
  },
  'key-duplicate': {
    wrong: 'owner: shop\nowner: payments\n',
    right: 'owner: payments\n',
  },
  'key-forbidden': {
    wrong: 'mapping:\n  targetUserIds: $.user.id\n  variables: { constructor: $.type }\n',
    right: 'mapping:\n  targetUserIds: $.user.id\n  variables: { type: $.type }\n',
  },
  'key-unknown': {
    wrong: 'idempotancy: { path: $.id }\n',
    right: 'idempotency: { path: $.id }\n',
  },
  'key-missing': {
    wrong: `${WHOLE.replace(/actionFlow.*\n/, '')}mapping: { targetUserIds: $.user.id }\n`,
    right: `${WHOLE}${MAPPING}`,
  },
  'value-invalid': {
    wrong: 'methods: [GET]\n',
    right: 'methods: [POST]\n',
  },
  'id-mismatch': {
    wrong: 'id: order\n',
    right: 'id: orders\n',
  },
  'target-unknown': 'It is found only where `check` or `build` is told which targets there are.',
  'id-duplicate': {
    wrong: { '../orders.yaml': `${WHOLE}${MAPPING}` },
    right: { '../invoices.yaml': INVOICES, 'connector.yaml': 'id: orders\n' },
  },
} as const satisfies Record<string, Example | string>;
