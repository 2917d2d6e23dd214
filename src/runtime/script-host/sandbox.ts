/**
 * Runs scripts in isolates, inside a script process. One isolate per script, kept while it is in use; within it the
 * realm is frozen and the script's module is compiled and evaluated anew for each request, so that nothing a request
 * leaves behind is there for the next. Limits that this file cannot enforce are the host's: it kills the process.
 */
import ivm from 'isolated-vm';
import { describeThrown } from './describe-thrown.ts';
import { lockDownRealm } from './lock-down.ts';
import { createMapper, type Mapper, type MapperLimits } from './mapper.ts';
import {
  type CallHead,
  type Failure,
  MAX_MESSAGE_LENGTH,
  MAX_READS,
  MAX_RESULT_DEPTH,
  MAX_RESULT_LENGTH,
} from './messages.ts';
import { traceReads } from './trace-reads.ts';

/** Isolates kept, about 1.5 MB each. */
const MAX_ISOLATES = 24;

/** What a script's own stack traces call it. */
const SCRIPT_URL = 'file:///mapping.js';

const LIMITS: MapperLimits = {
  url: SCRIPT_URL,
  resultLength: MAX_RESULT_LENGTH,
  depth: MAX_RESULT_DEPTH,
  messageLength: 2 * MAX_MESSAGE_LENGTH,
  reads: MAX_READS,
};

// The functions run inside the isolate; their source is all that crosses over.
const REALM_SOURCE = `(() => {
'use strict';
const controls = (${lockDownRealm})();
return (${createMapper})(controls, ${traceReads}, ${describeThrown}, ${JSON.stringify(LIMITS)});
})()`;

/** A result: the head of the reply, and the value as JSON text. */
export type SandboxResult = { readonly head: object; readonly text: string } | 'source-needed';

interface Realm {
  readonly isolate: ivm.Isolate;
  readonly context: ivm.Context;
  readonly source: string;
  readonly begin: ivm.Reference<Mapper['begin']>;
  readonly map: ivm.Reference<Mapper['map']>;
  readonly collect: ivm.Reference<Mapper['collect']>;
}

export class Sandbox {
  readonly #memoryMb: number;
  /** By digest of the script, least recently used first. */
  readonly #realms = new Map<string, Realm>();

  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb;
  }

  /** Makes the script of a call ready, which the first one here has to wait for. A result: it cannot be run. */
  prepare(call: CallHead): SandboxResult | 'ready' {
    if (this.#realms.has(call.digest)) return 'ready';
    if (call.source === undefined) return 'source-needed';
    const opened = this.#open(call.source);
    if ('code' in opened) return { head: opened, text: '' };
    this.#keep(call.digest, opened);
    return 'ready';
  }

  /** Runs a call that is prepared. */
  run(call: CallHead, requestText: string): Exclude<SandboxResult, string> {
    const realm = this.#realms.get(call.digest);
    if (realm === undefined) throw new Error('a script runs after it was made ready');
    this.#realms.delete(call.digest);
    const result = runIn(realm, call, requestText);
    // After a termination the host replaces the whole process.
    if (!realm.isolate.isDisposed) this.#keep(call.digest, realm);
    return result;
  }

  /** Runs a script that does nothing, once. */
  warmUp(): void {
    const opened = this.#open('export default () => null');
    if ('code' in opened) throw new Error(opened.message);
    const call: CallHead = { id: 0, digest: '', timeoutMs: 10_000, trace: false };
    const { head } = runIn(
      opened,
      call,
      JSON.stringify({ body: null, receivedAt: '1970-01-01T00:00:00.000Z' }),
    );
    opened.isolate.dispose();
    if ('code' in head) throw new Error(`a script that does nothing failed: ${JSON.stringify(head)}`);
  }

  #open(source: string): Realm | Failure {
    const isolate = new ivm.Isolate({ memoryLimit: this.#memoryMb });
    // No onCatastrophicError: with it a lost thread is parked for ever, without it the process ends at once, which is
    // what a process that can be replaced should do.
    try {
      const module = isolate.compileModuleSync(source, { filename: SCRIPT_URL });
      const imported = module.dependencySpecifiers[0];
      if (imported !== undefined) {
        isolate.dispose();
        return importFailure(imported, source);
      }
      module.release();
    } catch (thrown) {
      if (!isolate.isDisposed) isolate.dispose();
      return failed(thrown);
    }
    const context = isolate.createContextSync();
    const mapper = context.evalSync(REALM_SOURCE, { reference: true }) as ivm.Reference<Mapper>;
    return {
      isolate,
      context,
      source,
      begin: mapper.getSync('begin', { reference: true }),
      map: mapper.getSync('map', { reference: true }),
      collect: mapper.getSync('collect', { reference: true }),
    };
  }

  #keep(digest: string, realm: Realm): void {
    this.#realms.set(digest, realm);
    if (this.#realms.size <= MAX_ISOLATES) return;
    const [oldest] = this.#realms.keys();
    if (oldest === undefined) return;
    this.#realms.get(oldest)?.isolate.dispose();
    this.#realms.delete(oldest);
  }
}

function runIn(realm: Realm, call: CallHead, requestText: string): { head: object; text: string } {
  const deadline = performance.now() + call.timeoutMs;
  const limit = (): { timeout: number } => ({
    timeout: Math.max(1, Math.ceil(deadline - performance.now())),
  });
  let module: ivm.Module | undefined;
  try {
    // The isolate keeps what the source compiled to: compiling again takes about 5 us.
    module = realm.isolate.compileModuleSync(realm.source, { filename: SCRIPT_URL });
    module.instantiateSync(realm.context, refuseImport);
    realm.begin.applySync(undefined, [requestText]);
    module.evaluateSync(limit());
    let output = realm.map.applySync(undefined, [module.namespace.derefInto(), call.trace], limit());
    if (output === '') output = realm.collect.applySync(undefined, [], limit());
    const text = String(output);
    const headEnd = text.indexOf('\n');
    return { head: JSON.parse(text.slice(0, headEnd)) as object, text: text.slice(headEnd + 1) };
  } catch (thrown) {
    if (realm.isolate.isDisposed) {
      return {
        head: { status: 'failed', code: 'script-memory', message: 'the script ran out of memory' },
        text: '',
      };
    }
    // The engine's own wording; a script that throws the same text only says the same of itself.
    if (thrown instanceof Error && thrown.message === 'Script execution timed out.') {
      const message = `the script ran longer than ${call.timeoutMs} ms`;
      return {
        head: { ...describeThrown(thrown, SCRIPT_URL, 0), status: 'failed', code: 'script-timeout', message },
        text: '',
      };
    }
    return { head: failed(thrown), text: '' };
  } finally {
    if (!realm.isolate.isDisposed) module?.release();
  }
}

function failed(thrown: unknown): Failure {
  // What isolated-vm says when something that is no Error leaves an isolate; its name is of no use to an operator.
  const isForeign =
    thrown instanceof Error && thrown.message.startsWith('An object was thrown from supplied code');
  const described = isForeign
    ? { message: 'the script threw a value that is not an Error' }
    : describeThrown(thrown, SCRIPT_URL, LIMITS.messageLength);
  return { status: 'failed', code: 'script-error', ...described };
}

function importFailure(specifier: string, source: string): Failure {
  const message = `the script imports "${specifier}"; a script stands alone, imports are not available in it`;
  const lines = source.split('\n');
  const index = lines.findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`));
  const found = lines[index];
  if (found === undefined) return { status: 'failed', code: 'script-error', message };
  const column = Math.max(found.indexOf(`'${specifier}'`), found.indexOf(`"${specifier}"`)) + 1;
  return { status: 'failed', code: 'script-error', message, line: index + 1, column };
}

function refuseImport(): never {
  throw new Error('a script stands alone, imports are not available in it');
}
