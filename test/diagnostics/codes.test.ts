import { expect, test } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';

test.for(Object.entries(CODES))('%s says what, why and how to fix it', ([code, { title, why, fix }]) => {
  expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  // A title goes on after "error:"; the others are sentences.
  expect(title).toMatch(/^[^A-Z].*[^.]$|^[A-Z]{2}.*[^.]$/);
  expect(why).toMatch(/^["'_A-Z`].{20,}\.$/s);
  expect(fix).toMatch(/^["'_A-Z`].{10,}[.]$/s);
});
