/** What a browser loads: small, and with nothing in it that its policy refuses. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundlePage } from '../../src/studio/bundle-page.ts';

test('the page takes at most 200 KB, compressed', async () => {
  const { script, style } = await bundlePage();
  expect(gzipSync(script).length + gzipSync(style).length).toBeLessThan(200_000);
  expect(style).not.toMatch(/@import|url\(/);
  expect(script).not.toMatch(/https?:\/\/(?!www\.w3\.org)[a-z]/);
});
