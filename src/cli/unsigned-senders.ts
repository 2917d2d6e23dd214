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
  servicenow: {
    title: 'ServiceNow',
    advice: `A business rule can compute a signature before it sends: spell that scheme out. ${TOKEN}`,
  },
  salesforce: {
    title: 'Salesforce outbound messages',
    advice:
      'They are XML, which no connector takes: send JSON from a flow or from Apex, with a secret in a header (`type: token`).',
  },
  marketo: { title: 'Marketo', advice: `Its webhooks have custom headers. ${TOKEN}` },
  alertmanager: {
    title: 'Prometheus Alertmanager',
    advice: `Its \`http_config\` has an authorization. ${TOKEN}`,
  },
  datadog: { title: 'Datadog', advice: `Its webhooks have custom headers. ${TOKEN}` },
};

export function findUnsignedSender(name: string): UnsignedSender | null {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = Object.keys(UNSIGNED_SENDERS).find((key) => letters.includes(key));
  return found === undefined ? null : (UNSIGNED_SENDERS[found] ?? null);
}
