/**
 * Keys that stand at an address, as a verifier asks for them. The stages fetch nothing: the runtime answers from what it
 * has, and fetches in the background what it may.
 */

/** pending: not known yet, or perhaps not yet: the sender should come again. none: there is no such key there. */
export type RemoteKey =
  | { readonly kind: 'found'; readonly candidates: readonly string[] }
  | { readonly kind: 'pending' }
  | { readonly kind: 'none' };

export interface RemoteKeys {
  /**
   * The key of this name at an address: JWKs as JSON texts, those that have proven a request first. `name` null: a token
   * without a key id; every key of the set then.
   */
  jwk(address: string, name: string | null): RemoteKey;
  /** The certificate at an address, in PEM. */
  certificate(address: string): RemoteKey;
  /** A candidate has proven a request: nothing unproven displaces it. */
  proven(address: string, name: string | null, candidate: string): void;
}

/** For whoever has no network: cases, previews and the compiler. Every key is pending. */
export const NO_REMOTE_KEYS: RemoteKeys = {
  jwk: () => ({ kind: 'pending' }),
  certificate: () => ({ kind: 'pending' }),
  proven: () => {},
};
