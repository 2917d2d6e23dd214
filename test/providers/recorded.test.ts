/**
 * One genuine request for each preset, made without Sluice: published by the provider, made or verified by a package of
 * its own that is too large to install here, or computed from its documentation with another tool.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BodyPlan } from '../../src/stages/plans.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';
import { needsPublicUrl } from '../../src/stages/signature/verify.ts';
import { judge, planOf, type Sent } from '../stages/signature/harness.ts';
import { changed, tampered } from './harness.ts';

interface Recording {
  readonly preset: string;
  /** Who vouches for it. */
  readonly made: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly secret: string;
  /** The public URL, where it is signed. */
  readonly url?: string;
  /** How the sender encodes bodies; absent: JSON. */
  readonly kind?: BodyPlan['body'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('recorded.json', import.meta.url), 'utf8'),
);

test('there is one for each preset', () => {
  const elsewhere = [...PRESETS.values()].filter(({ signature }) => signature.jwt ?? signature.certificate);
  const names = [...new Set(recordings.map(({ preset }) => preset)), ...elsewhere.map(({ name }) => name)];
  expect(names.sort()).toEqual([...PRESETS.keys()].sort());
});

test('what a preset says of its evidence is what was recorded', () => {
  const { devDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { devDependencies: Readonly<Record<string, string>> };
  const made = (name: string) => recordings.filter(({ preset }) => preset === name).map((one) => one.made);
  for (const { name, evidence } of PRESETS.values()) {
    for (const [, source = '', version] of evidence.matchAll(/(@?[a-z][\w/@.-]*) (\d+\.\d+\.\d+)/g)) {
      const isInstalled = devDependencies[source] === version;
      const isRecorded = made(name).some((text) => text.includes(`${source} ${version}`));
      expect(isInstalled || isRecorded || source === 'atlassian-jwt', `${name}: ${evidence}`).toBe(true);
    }
    if (evidence.startsWith('published')) expect(made(name).join()).toContain('published');
  }
});

test.each(recordings)('$preset, $made', ({ preset, now, secret, url, kind = 'json', headers, body }) => {
  const plan = planOf({ preset });
  const sent: Sent = { headers, body, ...(url === undefined ? {} : { publicUrl: url }) };
  const verdict = (changes: Partial<Sent>, key = secret, at = now) =>
    judge(plan, { ...sent, ...changes }, key, at, { body: kind });
  expect(verdict({})).toBe('ok');
  // A key in PEM that was changed may still be the same key: padding, or a line's end.
  if (!secret.startsWith('-----')) expect(verdict({}, changed(secret))).not.toBe('ok');
  if (plan.covers.body) expect(verdict({ body: changed(body) })).toBe('signature-mismatch');
  if (url !== undefined && needsPublicUrl(plan))
    expect(verdict({ publicUrl: tampered(url) })).toBe('signature-mismatch');
  // The last signature is the right one, where there are several as while a secret is being rolled.
  const name = plan.signature.headers?.findLast((one) => headers[one] !== undefined);
  if (name !== undefined) {
    const value = changed(headers[name] ?? '');
    expect(verdict({ headers: { ...headers, [name]: value } })).toBe('signature-mismatch');
  }
  if (plan.signature.headers !== undefined) expect(verdict({ headers: {} })).toBe('signature-missing');
  if (plan.covers.timestamp) {
    const late = now + (plan.timestamp?.tolerance ?? 0) + 1;
    expect(verdict({}, secret, late)).toBe('signature-stale');
  }
});
