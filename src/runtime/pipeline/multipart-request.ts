/**
 * Multipart forms on their way through the pipeline. In: a request. Out: its text fields as a form, which is what is
 * verified, mapped, held and captured of it; files are gone. Other requests come back untouched, without a promise.
 */
import { isMultipart, readMultipart } from '../../stages/body/multipart-body.ts';
import { headersFromRaw, type WebhookRequest } from '../../stages/request.ts';

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The content type of a multipart form; null for other requests. */
export function multipartTypeOf({ headers }: Pick<WebhookRequest, 'headers'>): string | null {
  const [type] = headers.all('content-type');
  return type !== undefined && isMultipart(type) ? type : null;
}

/** Adds what signatures and mappings read instead of the parts. `maxFieldBytes`: all values together. */
export async function withFields<Request extends WebhookRequest>(
  request: Request,
  contentType: string,
  maxFieldBytes: number,
): Promise<
  { readonly ok: true; readonly request: Request } | { readonly ok: false; readonly detail: string }
> {
  const reading = await readMultipart(contentType, request.body, maxFieldBytes);
  return reading.ok ? { ok: true, request: { ...request, fields: reading.form } } : reading;
}

/** The request as a form, once nothing looks at the bytes any more that were sent. */
export function asForm<Request extends WebhookRequest>(request: Request): Request {
  const { fields } = request;
  if (fields === undefined) return request;
  const headers = request.headers
    .entries()
    .map(([name, value]) => [name, name === 'content-type' ? FORM_TYPE : value]);
  const { fields: _, ...rest } = request;
  return { ...rest, body: fields, headers: headersFromRaw(headers.flat()) } as Request;
}
