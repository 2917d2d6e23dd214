/** Mapping scripts to start from. Each is the body of a script; the path names in them are examples to be replaced. */

export interface ScriptPreset {
  /** One line on what it is for. */
  readonly title: string;
  /** What stands before the function. */
  readonly before?: string;
  /** Statements of the function, indented by two spaces. */
  readonly body: string;
}

export const SCRIPT_PRESETS: Readonly<Record<string, ScriptPreset>> = {
  default: {
    title: 'One card for one user',
    body: `  const { body } = request;
  return {
    targetUserIds: [body.user.id],
    // Everything below may be left out.
    cardOptions: { priority: 5, expiresInterval: 'P7D' },
    variables: { name: body.user.name },
    metadata: { receivedAt: request.receivedAt },
  };
`,
  },
  recipients: {
    title: 'A list of users, each once; nobody left means no card',
    body: `  const { body } = request;
  const ids = new Set(body.recipients.filter((user) => user.id !== body.author.id).map((user) => user.id));
  if (ids.size === 0) return null;
  return {
    targetUserIds: [...ids],
    variables: { author: body.author.name, count: ids.size },
  };
`,
  },
  events: {
    title: 'Several kinds of event, each with its own variables; others are ignored',
    body: `  const { body } = request;
  const targetUserIds = [body.user.id];
  switch (body.type) {
    case 'order.created':
      return { targetUserIds, variables: { title: \`Order \${body.order.number} is on its way\` } };
    case 'order.cancelled':
      return { targetUserIds, variables: { title: \`Order \${body.order.number} was cancelled\` } };
    default:
      return null;
  }
`,
  },
  urgency: {
    title: 'Priority and expiry by how urgent it is',
    before: `const HIGH = { priority: 1, expiresInterval: 'PT12H' };
const NORMAL = { priority: 5, expiresInterval: 'P3D' };

`,
    body: `  const { body } = request;
  // Better held, and looked at, than shown with the wrong urgency.
  if (!['high', 'normal'].includes(body.urgency)) throw new Error('urgency is neither high nor normal');
  return {
    targetUserIds: [body.user.id],
    cardOptions: body.urgency === 'high' ? HIGH : NORMAL,
    variables: { title: body.title },
  };
`,
  },
  summary: {
    title: 'A long list as a short text',
    body: `  const { body } = request;
  const titles = body.items.map((item) => item.title);
  const more = titles.length - 2;
  return {
    targetUserIds: [body.user.id],
    variables: {
      items: more > 0 ? \`\${titles.slice(0, 2).join(', ')} and \${more} more\` : titles.join(' and '),
      total: body.items.reduce((sum, item) => sum + item.price, 0),
    },
  };
`,
  },
};

/** The text of a script. `types` is the file of its declarations, beside it; a name that ends in .ts gets TypeScript. */
export function scriptText(
  { title, before = '', body }: ScriptPreset,
  script: string,
  types: string,
): string {
  if (script.endsWith('.ts')) {
    return `// ${title}.
import type { Request, Trigger } from './${types}';

${before}export default function map(request: Request): Trigger | null {
${body}}
`;
  }
  return `// @ts-check
// ${title}.

${before}/** @type {import('./${types}').Mapping} */
export default function map(request) {
${body}}
`;
}
