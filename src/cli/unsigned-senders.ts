/**
 * Providers that people look for among the presets, and that sign nothing. In: a name as somebody typed it. Out: what to do
 * instead. docs/signatures.md has each of them, under "Senders that sign nothing".
 */
export interface UnsignedSender {
  readonly title: string;
  /** Sentences, to go behind the fact that it signs nothing. */
  readonly advice: string;
}

const TOKEN =
  'Have it send a secret in a header (`type: token`), or use a secret URL (`sluice new <id> --url-key`).';

/** By what a name has to contain, without anything but letters and digits. */
export const UNSIGNED_SENDERS: Readonly<Record<string, UnsignedSender>> = {
  marketo: { title: 'Marketo', advice: `Its webhooks have custom headers. ${TOKEN}` },
  twitter: {
    title: 'X (Twitter)',
    advice:
      'It checks a URL by a GET that wants an answer keyed with your secret. Sluice keys nothing that nothing has proven: anybody could have signatures made. Receive it elsewhere, and have that send to a connector.',
  },
  ebay: {
    title: 'eBay',
    advice:
      'It checks a URL by a GET that wants a hash over your token. Sluice keys nothing that nothing has proven. Receive it elsewhere, and have that send to a connector.',
  },
};

export function findUnsignedSender(name: string): UnsignedSender | null {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = Object.keys(UNSIGNED_SENDERS).find((key) => letters.includes(key));
  return found === undefined ? null : (UNSIGNED_SENDERS[found] ?? null);
}
