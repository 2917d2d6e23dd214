/**
 * The studio over HTTP: the page, and the calls below /studio/api. In: requests of a browser at this machine. Out: the
 * page to anybody there; everything else only with the studio's own token. Computes nothing: each call is one function.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createTokenCheck } from '../runtime/admin/guard.ts';
import type { Refusal } from './api.ts';
import type { PageFiles } from './bundle-page.ts';
import { findCall } from './calls.ts';
import { checkSite } from './guard.ts';
import type { Hub } from './hub.ts';
import { loadPage, writeHtml } from './page-files.ts';
import { readJson } from './read-json.ts';
import type { Workspace } from './workspace.ts';

export interface StudioOptions {
  readonly workspace: Workspace;
  readonly token: string;
  readonly hub: Hub;
  /** Hears of bugs. */
  readonly onError: (error: unknown) => void;
}

const PREFIX = '/studio';

export function createStudio({ workspace, token, hub, onError }: StudioOptions): RequestListener {
  const isToken = createTokenCheck(token);
  let page: Promise<PageFiles> | null = null;
  const loadOnce = (): Promise<PageFiles> => {
    page ??= loadPage();
    return page;
  };

  const answerCall = async (
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    if (!isToken(request.headers.authorization)) {
      return refuse(response, { status: 401, detail: 'the token is missing or of an earlier start' });
    }
    if (request.method !== 'POST')
      return refuse(response, { status: 405, detail: 'calls are sent with POST' });
    if (name === 'events') return streamEvents(hub, response);
    const call = findCall(name);
    if (call === undefined) return refuse(response, { status: 404, detail: `there is no call "${name}"` });
    const body = await readJson(request);
    if (!body.ok) return refuse(response, body.refusal);
    const answer = await call(workspace, body.value);
    if (!answer.ok) return refuse(response, answer.refusal);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer.value));
  };

  const sendPage = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '' || path === '/') {
      const { html, policy } = writeHtml();
      response.setHeader('Content-Security-Policy', policy);
      return sendText(response, 'text/html; charset=utf-8', html);
    }
    if (path === '/page.js')
      return sendText(response, 'text/javascript; charset=utf-8', (await loadOnce()).script);
    if (path === '/page.css') return sendText(response, 'text/css; charset=utf-8', (await loadOnce()).style);
    refuse(response, { status: 404, detail: 'there is no such page' });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setHeaders(response);
    const problem = checkSite(request);
    if (problem !== null) return refuse(response, problem);
    const path = pathOf(request);
    if (path.startsWith('/api/')) return await answerCall(path.slice('/api/'.length), request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, { status: 405, detail: 'pages are fetched with GET' });
    }
    await sendPage(path, response);
  };

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      onError(error);
      refuse(response, { status: 500, detail: 'the studio failed; the terminal it runs in says more' });
    });
  };
}

/** Below /studio, without the query; Express keeps the whole URL beside the one that it has cut. */
function pathOf(request: IncomingMessage & { readonly originalUrl?: string }): string {
  const path = (request.originalUrl ?? request.url ?? '').split('?', 1)[0] as string;
  return path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '/nowhere';
}

/** Events as they happen, in the form of server-sent events; the page reads them with fetch, as its token is no cookie. */
function streamEvents(hub: Hub, response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/event-stream');
  response.write(': open\n\n');
  const stop = hub.follow((event) => {
    // A page that does not read any more is not waited for.
    if (response.writableLength > MAX_BEHIND) response.destroy();
    else response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  const beat = setInterval(() => response.write(': here\n\n'), BEAT_MS);
  response.once('close', () => {
    clearInterval(beat);
    stop();
  });
}

/** Bytes. */
const MAX_BEHIND = 32 * 1024 * 1024;
const BEAT_MS = 20_000;

function setHeaders(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
}

function sendText(response: ServerResponse, type: string, text: string): void {
  response.setHeader('Content-Type', type);
  response.end(text);
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) return void response.destroy();
  // What was not read of the body must not be taken for the next request.
  if (refusal.status === 413) response.setHeader('Connection', 'close');
  response.statusCode = refusal.status;
  response.setHeader('Content-Type', 'application/problem+json');
  response.end(JSON.stringify(refusal));
}
