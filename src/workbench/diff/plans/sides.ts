/** A side of a diff as the compiler's half sees it: connectors by id, whatever they come from. */
import type { ConnectorPlan } from '../../../bundle/plan.ts';

/** A connector of one side. A bundle's are such. */
export interface DiffConnector {
  /** SHA-256 (hex) of the canonical plan: equal digests are equal connectors. */
  readonly digest: string;
  plan(): ConnectorPlan;
}

export interface BrokenConnector {
  /** The first of its errors. */
  readonly error: string;
  /** Its file; empty where there is none. */
  readonly text: string;
}

export interface DiffSide {
  /** By id. */
  readonly connectors: ReadonlyMap<string, DiffConnector>;
  /** Those that do not compile. */
  readonly broken: ReadonlyMap<string, BrokenConnector>;
  /** By the name of a secret: connectors that nobody had to look into, and whose files name it. */
  readonly mentions: ReadonlyMap<string, readonly string[]>;
  /** By id, of connectors that are live after and not before, and of those that are gone: what was live of them. */
  readonly live?: ReadonlyMap<string, LiveHistory>;
}

export interface LiveHistory {
  /** The newest first, one for each form of security. */
  readonly versions: readonly LiveVersion[];
  /** False: there were others that could not be looked at. */
  readonly isWhole: boolean;
}

export interface LiveVersion {
  readonly plan: ConnectorPlan;
  /** Full name of the commit that had it. */
  readonly commit: string;
}
