/** What may keep a runtime from starting. */
import type { ListenFailure } from '../ingress/listen.ts';

export type StartFailure =
  | ListenFailure
  | 'workers-unshared'
  | 'bundle-unset'
  | 'state-unavailable'
  | 'worker-failed';
