/** A studio on a folder of its own, and a client that sends what browsers send, or what attackers would. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileConnectors } from '../../src/compiler/compile.ts';
import { createSecretStore } from '../../src/runtime/config/secret-store.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';
import type { Api, Call } from '../../src/studio/api.ts';
import { createHub } from '../../src/studio/hub.ts';
import { openStudio } from '../../src/studio/open-studio.ts';

export const CONNECTOR = `# a shop
apiVersion: sluice/v1
id: shop
actionFlow: F1
samples: [samples/paid.json] # one
mapping:
  targetUserIds: $.user # who
  variables:
    total: $.total
idempotency: { path: $.id }
security: { unauthenticated: only a test calls it }
`;
export const SAMPLE = '{ "id": "e1", "user": "u1", "total": 12, "note": null }\n';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export class TestStudio {
  readonly root = mkdtempSync(join(tmpdir(), 'sluice-studio-'));
  readonly folder = join(this.root, 'connectors');
  readonly #scripts = createScriptHost();
  readonly #server: Server;
  readonly errors: unknown[] = [];
  readonly hub = createHub();
  origin = '';
  token = '';

  constructor() {
    this.write('shop/connector.yaml', CONNECTOR);
    this.write('shop/samples/paid.json', SAMPLE);
    const { folder, root: cwd } = this;
    const studio = openStudio({
      folder,
      cwd,
      display: 'connectors',
      scripts: this.#scripts,
      secrets: createSecretStore({ env: {} }),
      hub: this.hub,
      env: { PATH: process.env.PATH },
      compilation: () => compileConnectors({ folder, cwd, scripts: this.#scripts, threads: 0 }),
      onError: (error) => this.errors.push(error),
    });
    this.token = studio.url('').split('#')[1] ?? '';
    this.#server = createServer(studio.listener(null));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Any request; headers win over those that a client would send. */
  fetch(
    path: string,
    {
      method = 'GET',
      headers = {},
      body = '',
    }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = send(`${this.origin}${path}`, { method, headers }, (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            text += chunk;
          })
          .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      request.on('error', reject).end(body);
    });
  }

  /** A call as the page makes it. */
  post(name: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.fetch(`/studio/api/${name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.token}`,
        origin: this.origin,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  /** A call that has to succeed. */
  async call<Name extends Call>(name: Name, body: Api[Name]['body']): Promise<Api[Name]['answer']> {
    const { status, text } = await this.post(name, body);
    if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
    return JSON.parse(text);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#scripts.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
