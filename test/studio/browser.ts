/** Debian's chromium, driven by playwright-core: a page that reports what it must never do. Null where there is none. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findTool } from '../../scripts/debian-tool.ts';

const path = findTool({ command: 'chromium', package: 'chromium', by: 'install' });
// In CI it is installed, or installing it fails the run; elsewhere this line is what is left of these tests.
if (path === null) console.log('skipped: the studio in a browser: there is no chromium here');

export const hasBrowser = path !== null;

/** On a machine that is busy with other tests a page can take its time. */
export const PATIENCE_MS = 120_000;
export const TEST_MS = 400_000;

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Violations of the policy, errors of scripts, and requests to elsewhere: must stay empty. */
  readonly complaints: string[];
  /** What axe finds that is serious or critical. */
  audit(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openPage(url: string, width = 1280, height = 800): Promise<OpenPage> {
  const profile = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: path as string,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    viewport: { width, height },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timeout: PATIENCE_MS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await context.addInitScript({ content: axe });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/studio`) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  await page.goto(url);
  return {
    page,
    context,
    complaints,
    audit: () =>
      page.evaluate(
        `axe.run().then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
      ),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The address that `dev` prints, with its token. */
export function studioUrl(output: string): string {
  return /studio {2}(\S+)/.exec(output)?.[1] ?? '';
}
