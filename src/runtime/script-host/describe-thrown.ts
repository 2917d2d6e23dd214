/**
 * Turns what a script threw into a message and a place in the script's file. Used in the script process and, as source
 * text, inside the isolate: it must not refer to anything outside itself. Whatever is thrown at it, it never throws.
 */

export interface ThrownDescription {
  readonly message: string;
  /** 1-based place in the script's file, where known. */
  readonly line?: number;
  readonly column?: number;
}

/** `url` is the name under which the script was compiled; messages are cut at `maxLength`. */
export function describeThrown(thrown: unknown, url: string, maxLength: number): ThrownDescription {
  const place = (text: string): { line?: number; column?: number } => {
    const start = text.indexOf(`${url}:`);
    const found =
      start === -1
        ? null
        : /^(\d{1,9}):(\d{1,9})/.exec(text.slice(start + url.length + 1, start + url.length + 30));
    return found === null ? {} : { line: Number(found[1]), column: Number(found[2]) };
  };
  try {
    if (typeof thrown !== 'object' || thrown === null) {
      return { message: `the script threw ${String(thrown).slice(0, maxLength)}` };
    }
    if (!(thrown instanceof Error)) return { message: 'the script threw a value that is not an Error' };
    const name = String(thrown.name).slice(0, 100);
    let message = String(thrown.message).slice(0, maxLength);
    // What the engine says of import() where no loader was given to it.
    if (message === 'Not supported') message = 'a script stands alone, import() is not available in it';
    // The engine puts the place of a syntax error at the end of its message: "... [url:line:column]".
    const suffix = message.lastIndexOf(` [${url}:`);
    if (suffix !== -1) {
      const at = place(message.slice(suffix));
      message = message.slice(0, suffix);
      return { message: `${name}: ${message}`, ...at };
    }
    const stack = String(thrown.stack).slice(0, 20_000);
    const frames = stack.split('\n').filter((line) => line.startsWith('    at ') && line.includes(`${url}:`));
    const described = name === 'Error' ? message || name : message === '' ? name : `${name}: ${message}`;
    return { message: described, ...place(frames[0] ?? '') };
  } catch {
    return { message: 'the script threw a value that cannot be described' };
  }
}
