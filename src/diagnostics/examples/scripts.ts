/** Examples of the codes about mapping scripts, cases, and warnings that are silenced. */
import type { Example, Side } from './example.ts';

/** A connector whose mapping is this script. */
function script(text: string, more: Side = {}): Exclude<Side, string> {
  const files = typeof more === 'string' ? { 'connector.yaml': more } : more;
  return { 'connector.yaml': 'mapping: { script: mapping.js }\n', 'mapping.js': text, ...files };
}

const GOOD = script(
  'export default function map({ body }) {\n  return { targetUserIds: [body.user.id] };\n}\n',
);

const LOOKUP = `import names from './names.json';
import titles from './titles.json';

export default function map({ body: { user } }) {
  return { targetUserIds: [user.id], variables: { name: [titles[user.id], names[user.id]].join(' ') } };
}
`;

export const SCRIPT_EXAMPLES = {
  'script-invalid': {
    wrong: script('export default function map({ body }) {\n  return { targetUserIds: [body.user.id };\n}\n'),
    right: GOOD,
  },
  'script-default-missing': {
    wrong: script('export function map({ body }) {\n  return { targetUserIds: [body.user.id] };\n}\n'),
    right: GOOD,
  },
  'script-import-refused': {
    wrong: script(
      "import { first } from 'lodash';\n\nexport default ({ body }) => ({ targetUserIds: [first([body.user.id])] });\n",
    ),
    right: script(
      "import { first } from './first.js';\n\nexport default ({ body }) => ({ targetUserIds: [first([body.user.id])] });\n",
      {
        'first.js': 'export const first = (list) => list[0];\n',
      },
    ),
  },
  'script-source-map-refused': {
    wrong: script(
      'export default ({ body }) => ({ targetUserIds: [body.user.id] });\n//# sourceMappingURL=mapping.js.map\n',
    ),
    right: script('export default ({ body }) => ({ targetUserIds: [body.user.id] });\n'),
  },
  'script-await-refused': {
    wrong: script(
      "const prefix = await Promise.resolve('user_');\n\nexport default ({ body }) => ({ targetUserIds: [prefix + body.user.id] });\n",
    ),
    right: script(
      "const prefix = 'user_';\n\nexport default ({ body }) => ({ targetUserIds: [prefix + body.user.id] });\n",
    ),
  },
  'script-too-large': {
    wrong: script(LOOKUP, { 'names.json': { bytes: 200 * 1024 }, 'titles.json': { bytes: 200 * 1024 } }),
    right: script(LOOKUP, { 'names.json': '{ "user_1": "Ada" }\n', 'titles.json': '{ "user_1": "Dr." }\n' }),
  },
  'script-compiler-missing':
    'No connector file leads to it: the installation lacks the optional package of esbuild for this platform.',
  'script-suspicious': {
    wrong: script(
      'export default function map({ body }) {\n  if (typeof body.user.id === "text") return null;\n  return { targetUserIds: [body.user.id] };\n}\n',
    ),
    right: script(
      'export default function map({ body }) {\n  if (typeof body.user.id !== "string") return null;\n  return { targetUserIds: [body.user.id] };\n}\n',
    ),
  },
  'script-failed': {
    wrong: script(
      'export default function map({ body }) {\n  return { targetUserIds: [body.user.id], variables: { name: body.user.name.trim() } };\n}\n',
    ),
    right: script(
      'export default function map({ body }) {\n  return { targetUserIds: [body.user.id], variables: { name: body.user.name?.trim() ?? "" } };\n}\n',
    ),
  },
  'script-untraced': {
    wrong: script('export default function map() {\n  return { targetUserIds: ["user_1"] };\n}\n'),
    right: script(
      'export default function map() {\n  return { targetUserIds: ["user_1"] };\n}\n',
      'mapping: { script: mapping.js }\nshape: { required: [$.id] }\n',
    ),
  },
} as const satisfies Record<string, Example | string>;

export const SILENCE_EXAMPLES = {
  'silence-refused': {
    wrong: 'silence: { key-unknown: we like it so }\n',
    right: 'samples: [samples/one.json]\nsilence: { sample-single: the provider documents one form }\n',
  },
  'silence-code-unknown': {
    wrong: 'silence: { single-sample: the provider documents one form }\n',
    right: 'samples: [samples/one.json]\nsilence: { sample-single: the provider documents one form }\n',
  },
  'silence-unused': {
    wrong: 'silence: { sample-single: the provider documents one form }\n',
    right: 'samples: [samples/one.json]\nsilence: { sample-single: the provider documents one form }\n',
  },
} as const satisfies Record<string, Example>;

const CASE =
  'note: one\nrequest: { sample: samples/one.json, sign: genuine }\nwant: { outcome: delivered }\n';

export const CASE_EXAMPLES = {
  'cases-too-many': {
    wrong: { 'cases/<n>.yaml': { copies: 201, of: CASE } },
    right: { 'cases/all.yaml': CASE.replace(/^(?=.)/gm, '  ').replace(/^ /, '-') },
  },
  'case-invalid': {
    wrong: {
      'cases/orders.yaml':
        'note: an order makes a card\nrequest: { sample: samples/one.json, sign: genuine }\nwant: { outcome: delivred }\n',
    },
    right: {
      'cases/orders.yaml':
        'note: an order makes a card\nrequest: { sample: samples/one.json, sign: genuine }\nwant: { outcome: delivered }\n',
    },
  },
} as const satisfies Record<string, Example>;
