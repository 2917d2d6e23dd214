/**
 * A public URL as some senders sign it: Twilio leaves the port out for some products, and adds the default port for others,
 * and its own libraries try both (https://www.twilio.com/docs/usage/webhooks/webhooks-security). In: a URL. Out: its
 * spellings, the given one first.
 */
export function publicUrlsOf(url: string): readonly string[] {
  const [, scheme = '', host = '', port, rest = ''] =
    /^(https?):\/\/((?:\[[^\]]*\])|[^/?#:]*)(?::(\d+))?(.*)$/s.exec(url) ?? [];
  if (host === '') return [url];
  if (port !== undefined) return [url, `${scheme}://${host}${rest}`];
  return [url, `${scheme}://${host}:${scheme === 'https' ? 443 : 80}${rest}`];
}
