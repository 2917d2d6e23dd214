/**
 * A webhook request as every stage sees it, whether it came over HTTP, from a case, from a sample or from a hold.
 * Nothing here is trusted: headers are as sent, and the body is raw bytes.
 */

/** Read access to headers that keeps duplicates apart. Names are given in lower case. */
export interface RequestHeaders {
  /** Every value sent under the name, in order; empty when there is none. */
  all(name: string): readonly string[];
  /** Name (lower case) and value of each header line, in order. */
  entries(): readonly (readonly [string, string])[];
}

export interface WebhookRequest {
  /** Id that the answer, the log and the hold carry. */
  readonly id: string;
  readonly method: string;
  /** Path and query as received, such as /c/stripe?x=1. */
  readonly url: string;
  /** Public URL of the request (configured origin plus url), never derived from the Host header; absent when not configured. */
  readonly publicUrl?: string;
  /** Address of the client after trusted proxies. */
  readonly ip: string;
  readonly headers: RequestHeaders;
  /** Without its content coding. */
  readonly body: Buffer;
  /** As it was sent, where that was compressed: a signature may cover it. */
  readonly sentBody?: Buffer;
  /** The text fields of a multipart body, as a form; absent for other bodies. */
  readonly fields?: Buffer;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Headers over Node's `rawHeaders` list (name, value, name, value, ...). */
export function headersFromRaw(raw: readonly string[]): RequestHeaders {
  return new RawHeaders(raw);
}

/** Headers from an object of names and one or several values (samples, cases, holds). */
export function headersFromObject(
  object: Readonly<Record<string, string | readonly string[]>>,
): RequestHeaders {
  const raw: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    for (const one of typeof value === 'string' ? [value] : value) raw.push(name, one);
  }
  return new RawHeaders(raw);
}

const NONE: readonly string[] = Object.freeze([]);

class RawHeaders implements RequestHeaders {
  readonly #raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.#raw = raw;
  }

  all(name: string): readonly string[] {
    let found: string[] | undefined;
    for (let index = 0; index < this.#raw.length; index += 2) {
      const candidate = this.#raw[index] as string;
      if (candidate.length === name.length && candidate.toLowerCase() === name) {
        found ??= [];
        found.push(this.#raw[index + 1] as string);
      }
    }
    return found ?? NONE;
  }

  entries(): readonly (readonly [string, string])[] {
    const entries: (readonly [string, string])[] = [];
    for (let index = 0; index < this.#raw.length; index += 2) {
      entries.push([(this.#raw[index] as string).toLowerCase(), this.#raw[index + 1] as string]);
    }
    return entries;
  }
}
