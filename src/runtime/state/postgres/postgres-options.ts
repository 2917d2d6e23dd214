/** What a replica's state on a database is made from. */
import type { DatabaseAddress } from '../../settings/database-url.ts';
import type { HoldLimits } from '../hold-index.ts';
import type { StateOwner } from '../state-owner.ts';

export interface PostgresOptions {
  readonly address: DatabaseAddress;
  /** The address for people, without its password. */
  readonly shown: string;
  /** Unique among the replicas. */
  readonly replica: string;
  /** Its lock is held as long as this replica runs. */
  readonly local: StateOwner;
  /** How long the last known pauses apply where the database is away; after that nothing is delivered. */
  readonly staleAfterMs: number;
  /** Like `local`, another folder: for what must be kept while the database is away. */
  readonly spool?: StateOwner;
  readonly holdLimits?: HoldLimits;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow?: () => number;
}
