/**
 * The only table of kinds of changes: a title, and what the kind means for production. A kind is never renamed or reused,
 * since CI jobs select by it. docs/reviewing.md lists what stands here.
 */
export interface KindEntry {
  readonly title: string;
  /** A sentence. */
  readonly meaning: string;
  /** The gate `security-weakened` watches it. */
  readonly weakens?: true;
}

function kind(title: string, meaning: string): KindEntry {
  return { title, meaning };
}

function weaker(title: string, meaning: string): KindEntry {
  return { title, meaning, weakens: true };
}

export const KINDS = {
  // Lifecycle
  'connector-added': kind('new connector', 'Its URL answers from now on.'),
  'connector-removed': kind('connector removed', 'Its URL answers 404, and what its sender sends is lost.'),
  'connector-broken': kind('connector does not compile', 'Nothing can be built until its errors are mended.'),
  'connector-unknown-before': kind(
    'nothing to compare with',
    'The old side of the connector has errors, so that nobody can say what it did. The gate fails where the connector is live.',
  ),
  'live-before-unknown': weaker(
    'what was live before is not known',
    'It goes live, and earlier live versions of it do not compile, or are too many: nobody can say whether it was safer.',
  ),
  'status-to-live': kind('goes live', 'Real users get cards from now on.'),
  'status-from-live': kind('live no longer', 'Real users get no cards from it any more.'),
  'status-changed': kind('status changed', 'Between test and disabled: no real cards on either side.'),

  // Who may call
  'signature-removed': weaker('signature removed', 'Requests are no longer proven to come from the sender.'),
  'signature-added': kind('signature required', 'Requests without a valid signature are refused with 401.'),
  'url-key-removed': weaker('secret URL no longer required', 'Whoever knows the id can call.'),
  'url-key-added': kind('secret URL required', 'Its plain URL answers 404; the sender needs the new one.'),
  'unauthenticated-live': weaker(
    'live without proof of origin',
    'Anyone on the internet can make real cards, and pause the connector.',
  ),
  'addresses-widened': weaker('more addresses may call', 'Requests pass that were refused with 403.'),
  'tenants-widened': weaker(
    'more customers of an app may call',
    'One secret signs for everybody who installed the app, and `when` no longer says which of them is meant, or names more.',
  ),
  'addresses-narrowed': kind('fewer addresses may call', 'Requests from the others are refused with 403.'),
  'addresses-respelled': kind('the same addresses, written differently', 'The same senders may call.'),
  'acknowledgement-changed': kind(
    'acknowledgement of weaker security changed',
    'A new text in `security.weakened` accepts what this very change weakens.',
  ),

  // Signature
  'signature-body-uncovered': weaker(
    'signature no longer covers the body',
    'Whoever holds one genuine request can send any body with it.',
  ),
  'signature-covers-less': weaker(
    'signature covers less',
    'A part of the request can be exchanged without breaking the signature.',
  ),
  'signature-ambiguous': weaker(
    'signed text can be read in several ways',
    'Bytes of a genuine request can move from one part into the next without breaking the signature.',
  ),
  'signature-covers-more': kind('signature covers more', 'More of a request is proven.'),
  'signature-scheme-weakened': weaker('weaker signature scheme', 'Forging a request becomes easier.'),
  'signature-scheme-changed': kind(
    'signature scheme changed',
    'Requests signed as today are refused with 401 unless the sender changes at the same moment.',
  ),
  'preset-changed': kind('preset named differently', 'The scheme itself is the same.'),
  'replay-protection-removed': weaker(
    'age of requests no longer checked',
    'A recorded request can be sent again at any time.',
  ),
  'replay-protection-added': kind(
    'age of requests checked',
    'Requests older than the tolerance are refused.',
  ),
  'tolerance-widened': weaker('older requests accepted', 'A recorded request can be sent again for longer.'),
  'tolerance-narrowed': kind('only younger requests accepted', 'Late requests are refused with 401.'),
  'secret-added': kind(
    'secret added',
    'Requests signed with it are accepted too; the deployment must have it.',
  ),
  'secret-shared': weaker(
    'secret that is used elsewhere',
    'Whoever holds it for another connector can sign for this one too; a public key is known to anybody.',
  ),
  'secret-removed': kind('secret removed', 'Requests signed with it are refused with 401.'),
  'secret-replaced': kind(
    'all secrets replaced',
    'Every request signed with an old one is refused with 401.',
  ),
  'secret-order-changed': kind('secrets in another order', 'Only test requests are signed differently.'),
  'verify-token-changed': kind(
    'verify token changed',
    "The provider's next challenge must know the new one.",
  ),
  'handshake-changed': kind(
    'challenges answered differently',
    'The provider may refuse the URL when it asks next.',
  ),
  'acknowledge-changed': kind(
    'accepted requests answered differently',
    'Some providers take one status only.',
  ),

  // Which requests are events
  'events-of-changed': kind(
    'events come by another URL',
    'The connector shares the URL of another one, or no longer does.',
  ),
  'events-widened': kind('more events selected', 'Requests that were ignored make cards.'),
  'events-narrowed': kind('fewer events selected', 'Requests that made cards are answered 200 and dropped.'),
  'events-changed': kind(
    'other events selected',
    'Some requests are dropped that were not, and others make cards.',
  ),
  'event-presence-changed': kind(
    'absence of a compared value judged differently',
    'Whether a request without it is held as drift, or ignored as another event.',
  ),
  'test-traffic-changed': kind(
    "the provider's tests are told differently",
    'More events make test cards, and no real ones.',
  ),
  'test-traffic-goes-live': weaker(
    "the provider's tests go live",
    'What the provider marks as its own tests makes real cards; a recorded test counts like a genuine event.',
  ),
  'unwrap-changed': kind('other texts unwrapped', 'Conditions, shape and mapping see another body.'),
  'envelope-changed': kind(
    'other demands on the body around a batch',
    'A batch can be held as a whole that was not.',
  ),
  'split-changed': kind('batches split differently', 'Another part of the body counts as one event.'),
  'method-added': kind('method accepted', 'Requests pass that were refused with 405.'),
  'method-removed': kind('method refused', 'Requests with it are refused with 405.'),
  'body-encoding-changed': kind(
    'bodies read differently',
    'In another encoding: requests in the old one are refused with 415; or with other lists.',
  ),

  // Shape
  'shape-accepts-more': kind('shape accepts more', 'Payloads pass, or pass without drift, that did not.'),
  'shape-accepts-less': kind(
    'shape accepts less',
    'Payloads that pass today would be held, or count as drift.',
  ),
  'mapped-type-added': kind('new type of a mapped value', 'Cards can show values of a type they never had.'),
  'shape-policy-changed': kind('shape policy changed', 'What counts as looking like the samples.'),
  'pause-after-changed': kind('pauses sooner or later', 'After how many held requests in a row it pauses.'),
  'requirement-raised': kind('value must be there', 'A request without it is held.'),
  'requirement-lowered': kind('value may be missing', 'A request without it no longer stops.'),
  'sample-shapes-changed': kind('shapes of single samples changed', 'Counts under `policy: exact` only.'),
  'first-sample': kind('first sample', 'Requests are judged and mapped that were all held.'),
  'last-sample-removed': kind('no sample left', 'Every request is held, and the connector pauses.'),

  // Mapping
  'action-flow-changed': kind('other Action Flow', 'Cards come from another flow.'),
  'target-changed': kind('other target', 'Triggers go to another system.'),
  'targets-changed': kind('other recipients', 'Other people get the cards.'),
  'mapping-field-added': kind('field added to the trigger', 'The flow gets one more value.'),
  'mapping-field-removed': kind('field no longer in the trigger', 'A card that shows it has a hole.'),
  'mapping-field-changed': kind('field mapped differently', 'The flow gets another value.'),
  'mapping-kind-changed': kind(
    'script instead of paths, or the reverse',
    'The whole trigger is made differently.',
  ),
  'script-changed': kind('mapping script changed', 'The whole trigger may be made differently.'),
  'script-moved': kind('mapping script moved or reformatted', 'The same code runs.'),

  // Retries and limits
  'idempotency-changed': kind('other identity of events', 'A retry across the merge can make a second card.'),
  'idempotency-removed': weaker(
    'events have no identity',
    'Every retry, and every recorded request that is sent again, makes a second card.',
  ),
  'invocation-id-changed': kind('other invocation id', 'A retry across the merge can make a second card.'),
  'limit-lowered': kind('lower rate limit', 'Requests beyond it are answered 429.'),
  'limit-raised': kind('higher rate limit, or none', 'Requests pass that were answered 429.'),

  // Words, and the rest
  'description-changed': kind('description changed', 'For people only.'),
  'owner-changed': kind('owner changed', 'For people only: who is told when it pauses.'),
  'behaviour-changed': kind(
    'behaviour changed',
    'An automatic pause is lifted by the merge, if the connector is paused.',
  ),
  'warning-silenced': kind(
    'warning silenced',
    'The file accepts a warning that was not accepted before, or for another reason.',
  ),
  'protection-changed': weaker(
    'another difference in who may call',
    'What proves the sender, or which addresses may call, differs where nothing else explains it.',
  ),
  'plan-changed': kind(
    'another difference',
    'The compiled connector differs where nothing else explains it.',
  ),

  // Samples and cases, run on both sides
  'sample-added': kind('sample added', 'One more example of what is accepted.'),
  'sample-removed': kind('sample removed', 'One example less of what is accepted.'),
  'sample-edited': kind('sample edited', 'Another example of what is accepted.'),
  'case-added': kind('case added', 'One more request whose outcome is pinned.'),
  'case-removed': kind('case removed', 'One request less whose outcome is pinned.'),
  'case-edited': kind('case edited', 'Another request or outcome is pinned.'),
  'request-now-held': kind(
    'request accepted today, held tomorrow',
    'No card; it is kept until somebody acts.',
  ),
  'request-now-ignored': kind(
    'request accepted today, ignored tomorrow',
    'No card; it is answered 200 and dropped.',
  ),
  'request-now-refused': kind(
    'request accepted today, refused tomorrow',
    'No card; the sender gets an error.',
  ),
  'request-now-delivered': kind('request that makes a card only tomorrow', 'It was held or ignored.'),
  'request-now-accepted': kind(
    'request refused today, accepted tomorrow',
    'What was not proven, or not allowed, makes a card.',
  ),
  'trigger-changed': kind('same request, another trigger', 'The card is another one.'),
  'outcome-changed': kind('same request, another outcome', 'No card on either side, for another reason.'),
} as const satisfies Readonly<Record<string, KindEntry>>;

export type ChangeKind = keyof typeof KINDS;

/** True for kinds that the gate `security-weakened` watches. */
export function weakensSecurity(kindName: ChangeKind): boolean {
  const entry: KindEntry = KINDS[kindName];
  return entry.weakens === true;
}
