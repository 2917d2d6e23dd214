/** Samples: an example request of the connector file in, a body with its headers out. Trusted no more than a request. */
import { isJsonObject, type JsonObject, type JsonValue } from './json/json-value.ts';
import { headersFromObject, type RequestHeaders } from './request.ts';

export interface EvaluationSample {
  /** File name, or "sample" where it stands inline. */
  readonly name: string;
  readonly body: JsonValue;
  readonly headers: RequestHeaders;
}

/**
 * Reads a sample: an object with exactly the keys headers and body, where headers are texts or lists of texts, is a
 * request with headers; anything else is the bare body.
 */
export function readSample(name: string, value: JsonValue): EvaluationSample {
  if (isJsonObject(value) && Object.keys(value).length === 2 && Object.hasOwn(value, 'body')) {
    const headers = Object.hasOwn(value, 'headers') ? value.headers : undefined;
    if (isHeaders(headers))
      return { name, body: value.body as JsonValue, headers: headersFromObject(headers) };
  }
  return { name, body: value, headers: headersFromObject({}) };
}

function isHeaders(
  value: JsonValue | undefined,
): value is JsonObject & Record<string, string | readonly string[]> {
  if (!isJsonObject(value)) return false;
  return Object.values(value).every(
    (one) => typeof one === 'string' || (Array.isArray(one) && one.every((item) => typeof item === 'string')),
  );
}
