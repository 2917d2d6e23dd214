/** Whether a text that accepts weaker security is a new one. In: the texts of both sides. Out: yes or no. */

/**
 * Only what a reviewer can see counts: a text that differs in spaces, capitals, characters that are not shown, or
 * other forms of the same letters was read and accepted with an earlier change.
 */
export function isNewReason(before: string | undefined, after: string | undefined): boolean {
  const text = visibleText(after);
  return text !== '' && text !== visibleText(before);
}

/** The same where the old file could only be read as a text. */
export function isNewReasonIn(oldFile: string, after: string | undefined): boolean {
  const text = visibleText(after);
  return text !== '' && !visibleText(oldFile).includes(text);
}

function visibleText(text = ''): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
