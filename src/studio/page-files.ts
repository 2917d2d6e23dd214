/**
 * The files of the page: HTML with its policy, one script and one style sheet. A published package has them built; from
 * source they are bundled when the page is first opened, so that starting costs nothing and none is checked in.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PageFiles } from './bundle-page.ts';

const BUILT = join(import.meta.dirname, 'built');
const BUNDLER = join(import.meta.dirname, 'bundle-page.ts');
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** Reads what `npm run build` left, or builds it. Rejects where the page's packages are missing. */
export async function loadPage(): Promise<PageFiles> {
  try {
    const [script, style] = await Promise.all([
      readFile(join(BUILT, 'page.js'), 'utf8'),
      readFile(join(BUILT, 'page.css'), 'utf8'),
    ]);
    return { script, style };
  } catch {
    // In a process of its own: the compiler's esbuild can open no files (src/compiler/confined-esbuild.ts).
    const { stdout } = await promisify(execFile)(process.execPath, [BUNDLER], { maxBuffer: MAX_PAGE_BYTES });
    return JSON.parse(stdout) as PageFiles;
  }
}

/** The page and the policy it is sent with. The nonce is for the editor, which writes its style rules itself. */
export function writeHtml(): { readonly html: string; readonly policy: string } {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="style-nonce" content="${nonce}">
<title>Sluice studio</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/studio/page.css">
<script type="module" src="/studio/page.js"></script>
</head>
<body><div id="page"><noscript>The studio needs JavaScript.</noscript></div></body>
</html>
`;
  return { html, policy };
}
