/** Rule: what is for people only. */
import type { DiffRule } from '../change.ts';

export const diffWords: DiffRule = ({ before, after }) =>
  (['description', 'owner'] as const)
    .filter((name) => before[name] !== after[name])
    .map((name) => ({
      kind: `${name}-changed` as const,
      severity: 'safe',
      path: `/${name}`,
      message:
        name === 'owner' ? 'notifications name another team when it pauses' : 'requests are judged as before',
      before: before[name] ?? null,
      after: after[name] ?? null,
      explains: [`/${name}`],
    }));
