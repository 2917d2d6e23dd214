/** The picture that the README begins with, taken of the page itself: `SLUICE_PICTURES=1` writes it anew. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workspace } from '../acceptance/harness.ts';
import { hasBrowser, type OpenPage, openPage, studioUrl, TEST_MS } from './browser.ts';

const PICTURE = join(import.meta.dirname, '../../docs/studio.png');

describe.runIf(hasBrowser)('the picture', () => {
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
    'shows what the page shows',
    async () => {
      const { page } = open;
      await page.evaluate("location.hash = '#/connector/stripe-payment-failed/mapping'");
      await page.getByLabel('amount_minor', { exact: true }).focus();
      await page.locator('.card dt', { hasText: 'receipt_email' }).waitFor();
      await page.getByText('amount_minor').first().waitFor();
      const taken = await page.screenshot();
      if (process.env.SLUICE_PICTURES === '1') {
        mkdirSync(join(PICTURE, '..'), { recursive: true });
        writeFileSync(PICTURE, taken);
      }
      // Fonts differ from machine to machine; its size and kind do not.
      const sizeOf = (png: Buffer): readonly number[] => [png.readUInt32BE(16), png.readUInt32BE(20)];
      expect(sizeOf(readFileSync(PICTURE))).toEqual(sizeOf(taken));
    },
    TEST_MS,
  );
});
