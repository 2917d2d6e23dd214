/**
 * Secrets that a connector begins to accept although another one uses them. In: two plans of a connector, and both sides
 * with all the others. Out: changes. Whoever can sign for the other connector can then sign for this one.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { secretName, secretsOf } from '../../../stages/secrets.ts';
import { type Change, nameOf, pairOf, weighSecurity } from './change.ts';
import { usesPublicKey } from './rules/signature.ts';
import type { DiffConnector, DiffSide } from './sides.ts';
import { strongestForm } from './strongest-form.ts';

/** More are counted, not named. */
const MAX_NAMED = 5;

/** The names of secrets that prove events after the merge, and did not before. */
function newSecrets(before: ConnectorPlan, after: ConnectorPlan): readonly string[] {
  if (before.signature === null || after.signature === null) return [];
  const known = before.signature.secrets.map(secretName);
  return after.signature.secrets.map(secretName).filter((name) => !known.includes(name));
}

/** The same over all connectors. */
export function addedSecrets(before: DiffSide, after: DiffSide): readonly string[] {
  const names = [...after.connectors].flatMap(([id, connector]) => {
    const old = before.connectors.get(id);
    if (old?.digest === connector.digest) return [];
    const plan = connector.plan();
    const known = old?.plan();
    const references = liveBefore(before, plan);
    const isGoingLive = plan.status === 'live' && known?.status !== 'live';
    return [
      ...(known === undefined ? [] : newSecrets(known, plan)),
      ...(isGoingLive ? references.flatMap((reference) => newSecrets(reference, plan)) : []),
    ];
  });
  return [...new Set(names)];
}

/** What a connector that goes live is compared with. */
function liveBefore(before: DiffSide, plan: ConnectorPlan): readonly ConnectorPlan[] {
  const versions = before.live?.get(plan.id)?.versions ?? [];
  return versions.length === 0 ? [strongestForm(plan)] : versions.map((version) => version.plan);
}

export function findSharedSecrets(
  before: ConnectorPlan,
  after: ConnectorPlan,
  sides: readonly [DiffSide, DiffSide],
): readonly Change[] {
  const pair = pairOf(before, after);
  return newSecrets(before, after).flatMap((name): readonly Change[] => {
    const { users, isPublic } = usersOf(name, before, sides);
    if (users.length === 0) return [];
    const more = users.length - MAX_NAMED;
    const others = `${users.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const message = isPublic
      ? `${name} is a public key of ${others}, which anybody may know, and would sign requests to ${nameOf(pair)}`
      : `${name} is used by ${others}: whoever can sign for that can now sign requests to ${nameOf(pair)} too`;
    return [
      {
        connector: after.id,
        kind: 'secret-shared',
        severity: weighSecurity(pair),
        path: '/security/signature/sharedSecret',
        message,
        before: null,
        after: name,
      },
    ];
  });
}

interface Users {
  /** Ids, sorted. */
  readonly users: readonly string[];
  readonly isPublic: boolean;
}

function usersOf(name: string, own: ConnectorPlan, [old, current]: readonly [DiffSide, DiffSide]): Users {
  const users = new Set([old, current].flatMap(({ mentions }) => mentions.get(name) ?? []));
  let isPublic = false;
  for (const side of [old, current]) {
    for (const [id, connector] of side.connectors) {
      const plan = id === own.id ? null : planOf(connector);
      if (!plan?.signature || !namesOf(plan).includes(name) || isRotation(name, own, old, plan)) continue;
      users.add(id);
      isPublic ||= usesPublicKey(plan.signature);
    }
  }
  return { users: [...users].sort(), isPublic };
}

/** Two connectors that have shared a secret get the next one in the same change: nobody knows that one yet. */
function isRotation(
  name: string,
  own: ConnectorPlan,
  old: DiffSide,
  { id, signature }: ConnectorPlan,
): boolean {
  const connector = old.connectors.get(id);
  const before = connector === undefined ? null : planOf(connector);
  if (before === null || signature === null || usesPublicKey(signature)) return false;
  const names = namesOf(before);
  return !names.includes(name) && namesOf(own).some((one) => names.includes(one));
}

/** Names of the secrets that a connector looks up; none where its line of a bundle is damaged. */
export function secretNames(connector: DiffConnector): readonly string[] {
  const plan = planOf(connector);
  return plan === null ? [] : namesOf(plan);
}

/** Of the secrets that a plan looks up. */
export function namesOf({ signature }: ConnectorPlan): readonly string[] {
  return signature === null ? [] : secretsOf(signature).map(secretName);
}

/** null: a line of a bundle that is damaged, which is reported where the connector itself differs. */
function planOf(connector: DiffConnector): ConnectorPlan | null {
  try {
    return connector.plan();
  } catch {
    return null;
  }
}
