/**
 * In: an answer. Out: its bytes on the wire. An answer that is given before the whole request has arrived ends the
 * connection, but not before the sender had a chance to read it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** How long the rest of a refused body is taken in and thrown away. */
const LINGER_MS = 1000;

/** True when nothing of the request is still to come. */
export function isRead(message: IncomingMessage): boolean {
  if (message.complete) return true;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = message.headers;
  return encoding === undefined && Number(length) === 0;
}

export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.end(body);
}

/**
 * Closing a connection on which bytes arrive resets it, and the sender may lose the answer (RFC 9112, section 9.6). So
 * the answer goes out at once, and the end of it follows when the sender has finished or its time is over.
 */
export function sendEarly(
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  if (response.headersSent) return;
  response.writeHead(status, { ...headers, Connection: 'close' });
  response.write(body);
  const timeout = setTimeout(finish, LINGER_MS);
  message.once('end', finish).once('close', finish).resume();
  function finish(): void {
    clearTimeout(timeout);
    response.end();
  }
}
