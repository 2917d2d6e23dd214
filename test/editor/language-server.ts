/** yaml-language-server, which VS Code's YAML extension is, in a process of its own: asked over stdio, as editors do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SERVER = join(import.meta.dirname, '../../node_modules/yaml-language-server/bin/yaml-language-server');
const HEAD = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/;

export interface Completion {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
  readonly insertText?: string;
  readonly textEdit?: { readonly newText: string };
}

export interface Mark {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class LanguageServer {
  readonly #child: ChildProcess;
  #received = Buffer.alloc(0);
  #nextId = 1;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #marks = new Map<string, (marks: readonly Mark[]) => void>();

  readonly #settings: object;

  private constructor(child: ChildProcess, settings: object) {
    this.#child = child;
    this.#settings = settings;
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** `folder` is what the editor has open; `schemas` its setting `yaml.schemas`. */
  static async start(folder: string, schemas: object): Promise<LanguageServer> {
    const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    // No catalogue from the network.
    const server = new LanguageServer(child, { schemas, schemaStore: { enable: false } });
    const uri = pathToFileURL(folder).href;
    await server.#ask('initialize', {
      processId: null,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'connectors' }],
      capabilities: {
        workspace: { configuration: true },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
      },
    });
    server.#send({ method: 'initialized', params: {} });
    server.#send({ method: 'workspace/didChangeConfiguration', params: { settings: {} } });
    return server;
  }

  /** Opens a document and gives what is marked in it. */
  open(path: string, text: string): Promise<readonly Mark[]> {
    const uri = pathToFileURL(path).href;
    const { promise, resolve } = Promise.withResolvers<readonly Mark[]>();
    this.#marks.set(uri, resolve);
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    return promise;
  }

  async complete(path: string, line: number, character: number): Promise<readonly Completion[]> {
    const result = (await this.#ask('textDocument/completion', at(path, line, character))) as {
      readonly items: readonly Completion[];
    };
    return result.items;
  }

  async hover(path: string, line: number, character: number): Promise<string> {
    const result = (await this.#ask('textDocument/hover', at(path, line, character))) as {
      readonly contents: { readonly value: string };
    } | null;
    return result?.contents.value ?? '';
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask(method: string, params: object): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#answers.set(id, resolve);
    this.#send({ id, method, params });
    const { result, error } = await promise;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = HEAD.exec(this.#received.toString('latin1', 0, 1000));
      const length = Number(head?.[1]);
      const start = head?.[0].length ?? 0;
      if (head === null || this.#received.length < start + length) return;
      const message = JSON.parse(this.#received.toString('utf8', start, start + length)) as Message;
      this.#received = this.#received.subarray(start + length);
      this.#handle(message);
    }
  }

  #handle({ id, method, params, ...rest }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { readonly uri: string; readonly diagnostics: readonly Mark[] };
      this.#marks.get(uri)?.(diagnostics);
    } else if (method !== undefined && id !== undefined) {
      const { items = [] } = (params ?? {}) as { readonly items?: readonly { readonly section: string }[] };
      const settings = items.map(({ section }) => (section === 'yaml' ? this.#settings : null));
      this.#send({ id, result: method === 'workspace/configuration' ? settings : null });
    } else if (id !== undefined) {
      this.#answers.get(id)?.({ id, ...rest });
    }
  }
}

function at(path: string, line: number, character: number): object {
  return { textDocument: { uri: pathToFileURL(path).href }, position: { line, character } };
}
