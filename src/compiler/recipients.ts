/** What of a connector file decides who gets a card. In: the JSON pointer of a value. */

/** It gives the ids of users. */
export function namesUsers(pointer: string): boolean {
  return /^\/mapping\/targetUserIds(?:\/|$)/.test(pointer);
}

/** A guess at it could send a card to somebody else: it gives ids of users or of streams of users. */
export function decidesRecipients(pointer: string): boolean {
  return namesUsers(pointer) || /^\/mapping\/cardOptions\/targetStreamIds(?:\/|$)/.test(pointer);
}
