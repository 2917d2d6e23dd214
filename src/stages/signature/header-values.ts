/**
 * Values inside a header. In: the header's text and what marks a value in it: a prefix, as `v1=` does in `t=1,v1=abc`, an
 * authentication scheme, or its place. Out: the marked values. Never throws, whatever the text.
 */

/**
 * Values behind each place where the prefix stands at the start or after whitespace, comma or semicolon; a value runs to
 * the next of these. At most `limit`; the rest is not looked at. Cost is linear in the text.
 */
export function valuesAfter(prefix: string, text: string, limit: number): readonly string[] {
  const values: string[] = [];
  let from = 0;
  while (values.length < limit) {
    const at = text.indexOf(prefix, from);
    if (at === -1) break;
    if (at > 0 && !isSeparator(text.charCodeAt(at - 1))) {
      from = at + 1;
      continue;
    }
    const start = at + prefix.length;
    let end = start;
    while (end < text.length && !isSeparator(text.charCodeAt(end))) end += 1;
    values.push(text.slice(start, end));
    from = end;
  }
  return values;
}

/**
 * Values by place: what stands between commas, semicolons, whitespace, bars and ampersands (Braintree's `key|abc&key|def`).
 * At most `limit`; the rest is not looked at.
 */
export function valuesByPlace(text: string, limit: number): readonly string[] {
  const values: string[] = [];
  let at = 0;
  while (at < text.length && values.length < limit) {
    while (at < text.length && isBetween(text.charCodeAt(at))) at += 1;
    const start = at;
    while (at < text.length && !isBetween(text.charCodeAt(at))) at += 1;
    if (at > start) values.push(text.slice(start, at));
  }
  return values;
}

const AUTHENTICATION = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(?=[^ \t])/;

/** The scheme that a prefix such as "Bearer " is, in lower case; null for a prefix of another kind. */
export function schemeOf(prefix: string): string | null {
  return /^[A-Za-z][A-Za-z0-9-]*[ \t]+$/.test(prefix) ? prefix.trim().toLowerCase() : null;
}

/** What follows an authentication scheme, which is compared without case and any space (RFC 9110, section 11.1). */
export function valueOfScheme(scheme: string, text: string): string | null {
  const [start, name] = AUTHENTICATION.exec(text) ?? [];
  if (start === undefined || name?.toLowerCase() !== scheme) return null;
  return text.slice(start.length).trimEnd();
}

/** Credentials with their scheme in one spelling; texts without a scheme as they are. */
export function canonicalCredentials(text: string): string {
  const trimmed = text.trim();
  const [start, name] = AUTHENTICATION.exec(trimmed) ?? [];
  return start === undefined || name === undefined
    ? trimmed
    : `${name.toLowerCase()} ${trimmed.slice(start.length)}`;
}

/** Also a bar or an ampersand, which neither hex nor base64 has. */
function isBetween(unit: number): boolean {
  return isSeparator(unit) || unit === 0x7c || unit === 0x26;
}

/** Space and tab, the only whitespace that HTTP allows in a header; comma; semicolon. */
function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x2c || unit === 0x3b;
}
