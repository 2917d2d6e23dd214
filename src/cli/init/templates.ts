/** What `init` puts into a repository: template files of this package, and where each goes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../bundle/tool-version.ts';

export interface Template {
  /** Below the templates folder. Without the dot in front: npm leaves some such files out of a package. */
  readonly source: string;
  /** Below the repository. */
  readonly target: string;
}

/** Everything but package.json, which has to fit in with what is there. */
export const TEMPLATES: readonly Template[] = [
  { source: 'README.md', target: 'README.md' },
  { source: 'gitignore', target: '.gitignore' },
  { source: 'gitattributes', target: '.gitattributes' },
  { source: 'editorconfig', target: '.editorconfig' },
  { source: 'vscode/settings.json', target: '.vscode/settings.json' },
  { source: 'vscode/extensions.json', target: '.vscode/extensions.json' },
  { source: 'github/dependabot.yml', target: '.github/dependabot.yml' },
  { source: 'github/workflows/connectors.yml', target: '.github/workflows/connectors.yml' },
  { source: 'github/workflows/connectors-comment.yml', target: '.github/workflows/connectors-comment.yml' },
];

/** A connector that works, with samples and cases. */
export const EXAMPLE: readonly Template[] = [
  'connectors/order-paid/connector.yaml',
  'connectors/order-paid/samples/paid.json',
  'connectors/order-paid/samples/anonymous.json',
  'connectors/order-paid/cases/events.yaml',
].map((path) => ({ source: path, target: path }));

export const PACKAGE_TEMPLATE = 'package.json';

export function readTemplate(source: string): Promise<string> {
  return readFile(join(packageFolder(), 'src/cli/templates', source), 'utf8');
}
