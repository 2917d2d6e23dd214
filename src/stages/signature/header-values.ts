/**
 * Values inside a header. In: the header's text and the prefix that marks a value in it, as `v1=` does in `t=1,v1=abc`.
 * Out: the marked values. Never throws, whatever the text.
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

/** Space and tab, the only whitespace that HTTP allows in a header; comma; semicolon. */
function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x2c || unit === 0x3b;
}
