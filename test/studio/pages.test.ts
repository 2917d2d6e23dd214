/** Each page at both widths: nothing wider than the screen, nothing that axe calls serious; by keyboard; hostile payloads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, Workspace } from '../acceptance/harness.ts';
import { hasBrowser, type OpenPage, openPage, studioUrl, TEST_MS } from './browser.ts';

const HOSTILE = '<img src=x onerror=alert(1)>\u202etxt.exe\u0000\u001b[31m';
const CONNECTOR = `apiVersion: sluice/v1
id: hostile
description: ${JSON.stringify(HOSTILE)}
actionFlow: F1
samples: [samples/first.json, samples/many.json]
mapping:
  targetUserIds: $.user
  variables: { text: $.text, "<b>name</b>": $.text }
idempotency: body
security: { unauthenticated: only a test calls it }
`;

/** Each page, and a text that shows when it is there. */
const PAGES: readonly (readonly [hash: string, text: string])[] = [
  ['#/', 'Connectors'],
  ['#/new', 'Who sends the events?'],
  ['#/requests', 'Requests'],
  ['#/connector/hostile/mapping', 'Properties'],
  ['#/connector/hostile/samples', 'Add a sample'],
  ['#/connector/hostile/security', 'Before it goes live'],
  ['#/connector/hostile/test', 'Run the cases'],
  ['#/connector/hostile/requests', 'outcome'],
  ['#/connector/hostile/held', 'Not paused'],
  ['#/connector/hostile/changes', 'Into git'],
];

describe.runIf(hasBrowser).each([1280, 390])('%i pixels wide', (width) => {
  const workspace = new Workspace();
  let server: Server;
  let open: OpenPage;

  beforeAll(async () => {
    const folder = workspace.path('connectors/hostile');
    mkdirSync(join(folder, 'samples'), { recursive: true });
    writeFileSync(join(folder, 'connector.yaml'), CONNECTOR);
    const first = {
      user: HOSTILE,
      text: `${HOSTILE}${'x'.repeat(200_000)}`,
      '<script>alert(1)</script>': HOSTILE,
    };
    writeFileSync(join(folder, 'samples/first.json'), JSON.stringify(first));
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key_${index}`, index]));
    writeFileSync(join(folder, 'samples/many.json'), JSON.stringify({ user: 'u', text: 't', keys }));
    server = await workspace.start('dev', 'connectors');
    const body = JSON.stringify({ user: HOSTILE, text: HOSTILE, big: 'x'.repeat(900_000) });
    await fetch(`${server.ingress}/c/hostile`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-odd': '<i>' },
      body,
    });
    open = await openPage(studioUrl(server.output), width, 844);
  }, TEST_MS);
  afterAll(async () => {
    await open.close();
    await workspace.close();
  });

  test.each(PAGES)(
    '%s',
    async (hash, text) => {
      await open.page.evaluate(`location.hash = '${hash}'`);
      await open.page.locator('#main').getByText(text).first().waitFor();
      const wide = await open.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wide).toBeLessThanOrEqual(0);
      expect(await open.page.locator('img:not(.cm-widgetBuffer), #page script').count()).toBe(0);
      const shown = await open.page.locator('#page').textContent();
      expect(['\u202e', '\u0000', '\u001b'].filter((one) => shown?.includes(one))).toEqual([]);
      expect(await open.audit()).toEqual([]);
      expect(open.complaints).toEqual([]);
    },
    TEST_MS,
  );

  test(
    'an event of a provider of which samples come with Sluice begins a connector',
    async () => {
      const { page } = open;
      await page.evaluate("location.hash = '#/new'");
      await page.getByLabel('Stripe', { exact: true }).check();
      await page.getByLabel(/An event of Stripe/).selectOption('invoice.payment_failed');
      expect(await page.getByText(/Paste JSON/).count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await open.audit()).toEqual([]);
      await page.getByLabel('Name', { exact: false }).first().fill('failed');
      await page.getByLabel('Action Flow').fill('F1');
      await page.getByRole('button', { name: 'Make it', exact: true }).click();
      await page.locator('#main').getByText('Properties').first().waitFor();
      expect(open.complaints).toEqual([]);
    },
    TEST_MS,
  );
});

describe.runIf(hasBrowser)('by keyboard alone', () => {
  const workspace = new Workspace();
  let open: OpenPage;
  beforeAll(async () => {
    const server = await workspace.start('dev', 'connectors');
    open = await openPage(studioUrl(server.output));
  }, TEST_MS);
  afterAll(async () => {
    await open.close();
    await workspace.close();
  });

  test(
    'find a connector, map a property, save',
    async () => {
      const { page } = open;
      const focused = () =>
        page.evaluate<string>(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        );
      const tabTo = async (label: RegExp) => {
        for (let presses = 0; presses < 120; presses += 1) {
          if (label.test(await focused())) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`no Tab leads to ${label}; the last was ${await focused()}`);
      };
      await page
        .getByRole('link', { name: /zendesk/ })
        .first()
        .waitFor();
      await tabTo(/^Find a connector$/);
      await page.keyboard.type('zendesk');
      await tabTo(/zendesk-ticket-updated/);
      await page.keyboard.press('Enter');
      await page.getByLabel('Recipients', { exact: true }).waitFor();
      await tabTo(/^Owner$/);
      await page.keyboard.press('Control+A');
      await page.keyboard.type('support');
      await tabTo(/^New variable: name$/).catch(() => page.getByLabel('New variable: name').focus());
      await page.keyboard.type('picked');
      await page.keyboard.press('Alt+ArrowRight');
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toMatch(/: map \$\./);
      await page.keyboard.press('Enter');
      await page.getByLabel('picked', { exact: true }).waitFor();
      await page
        .getByText(/connector\.yaml/)
        .first()
        .waitFor();
      await page.keyboard.press('Control+S');
      await page.getByText('Saved', { exact: true }).waitFor();
    },
    TEST_MS,
  );
});
