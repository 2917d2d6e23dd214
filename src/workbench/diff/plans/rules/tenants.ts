/** Rule: which customers of an app may call, where one secret signs for all of them. */

import { tenantsOf } from '../../../../compiler/tenants.ts';
import { secretName } from '../../../../stages/secrets.ts';
import { type DiffRule, nameOf, weighSecurity } from '../change.ts';

export const diffTenants: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  // Where nothing was proven, nobody was told apart either.
  if (before === null || after === null) return [];
  const was = tenantsOf(before.preset, pair.before.when);
  const own = tenantsOf(after.preset, pair.after.when);
  // A preset can be written out in full: its secret still signs for everybody.
  const names = before.secrets.map(secretName);
  const isSameApp = after.secrets.some((secret) => names.includes(secretName(secret)));
  const isWrittenOut = own === undefined && isSameApp;
  const is = isWrittenOut ? tenantsOf(before.preset, pair.after.when) : own;
  if (is === undefined || was === null) return [];
  const common = {
    kind: 'tenants-widened',
    severity: weighSecurity(pair),
    path: '/when',
    before: was ?? null,
    after: is,
    explains: [],
  } as const;
  const more = is?.filter((one) => was !== undefined && !was.includes(one));
  if (more === undefined || more.length > 0) {
    const who = more?.map((one) => JSON.stringify(one)).join(', ') ?? 'every customer of the app';
    const message = `events of ${who} now pass at ${nameOf(pair)}, as one secret signs for all who installed the app; only equals and in tell them apart`;
    return [{ ...common, message }];
  }
  if (!isWrittenOut) return [];
  const message = `one secret signs for all who installed the app, which only the preset ${before.preset} says: without it, nobody notices when a later change lets the others in`;
  return [{ ...common, path: '/security/signature/preset', message }];
};
