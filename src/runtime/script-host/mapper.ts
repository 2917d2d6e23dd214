/**
 * The part of a run that happens inside the isolate: parse the request, call the script's function, turn the result
 * into JSON text. The function is sent into the isolate as source text: it must not refer to anything outside itself.
 */
import type { describeThrown } from './describe-thrown.ts';
import type { RealmControls } from './lock-down.ts';
import type { traceReads } from './trace-reads.ts';

export interface MapperLimits {
  /** Name under which scripts are compiled. */
  readonly url: string;
  readonly resultLength: number;
  /** Deepest nesting of a result. */
  readonly depth: number;
  readonly messageLength: number;
  readonly reads: number;
}

/**
 * One run is `begin`, the evaluation of the module, `map`, and `collect` if `map` gave an empty text. The texts are
 * one line of JSON, as in a reply's head, and the result as JSON.
 */
export interface Mapper {
  begin(requestText: string): void;
  map(namespace: { readonly default?: unknown }, trace: boolean): string;
  collect(): string;
}

export function createMapper(
  controls: RealmControls,
  trace: typeof traceReads,
  describe: typeof describeThrown,
  limits: MapperLimits,
): Mapper {
  let request: { body: unknown; root?: unknown; receivedAt: string };
  let outcome: string | undefined;

  const failure = (thrown: unknown): string => {
    const description = describe(thrown, limits.url, limits.messageLength);
    return `${JSON.stringify({ status: 'failed', code: 'script-error', ...description })}\n`;
  };

  // JSON.stringify drops or changes these without a word; a card with a hole in it is worse than an error.
  const check = (key: string, value: unknown): unknown => {
    const where = key === '' ? 'the result' : `"${key.slice(0, 100)}" in the result`;
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new Error(`${where} is a ${typeof value}; return JSON values only`);
    }
    if (typeof value === 'bigint') throw new Error(`${where} is a BigInt; turn it into a string or a number`);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Error(`${where} is ${value}, which JSON cannot carry`);
    }
    if (value instanceof Map || value instanceof Set) {
      throw new Error(
        `${where} is a ${value instanceof Map ? 'Map' : 'Set'}; turn it into an object or a list`,
      );
    }
    return value;
  };

  const isDeeperThan = (text: string, depth: number): boolean => {
    let open = 0;
    let isInString = false;
    for (let index = 0; index < text.length; index += 1) {
      const char = text.charCodeAt(index);
      if (isInString) {
        if (char === 0x5c) index += 1;
        else if (char === 0x22) isInString = false;
      } else if (char === 0x22) isInString = true;
      else if (char === 0x7b || char === 0x5b) {
        open += 1;
        if (open > depth) return true;
      } else if (char === 0x7d || char === 0x5d) open -= 1;
    }
    return false;
  };

  const finish = (result: unknown, traced: ReturnType<typeof trace> | undefined): string => {
    if (result === undefined) {
      return failure(new Error('map returned nothing; return a trigger, or null to ignore the request'));
    }
    let text: string;
    try {
      text = JSON.stringify(result, check);
    } catch (thrown) {
      const isCycle =
        thrown instanceof TypeError && thrown.message.startsWith('Converting circular structure');
      return failure(isCycle ? new Error('the result contains itself; JSON cannot carry cycles') : thrown);
    }
    if (text.length > limits.resultLength) {
      return failure(
        new Error(
          `the result is ${text.length} characters of JSON; at most ${limits.resultLength} are taken`,
        ),
      );
    }
    if (isDeeperThan(text, limits.depth)) {
      return failure(new Error(`the result is nested more than ${limits.depth} levels deep`));
    }
    return `${JSON.stringify({ status: 'done', reads: traced?.reads() })}\n${text}`;
  };

  return {
    begin(requestText) {
      request = JSON.parse(requestText) as typeof request;
      outcome = undefined;
      controls.begin(request.receivedAt, requestText);
    },
    map(namespace, isTraced) {
      try {
        const traced = isTraced ? trace(request.body, limits.reads) : undefined;
        if (traced !== undefined) request.body = traced.body;
        // The same object: without a batch the whole body is what is mapped.
        if (!('root' in request)) request.root = request.body;
        const map = namespace.default;
        if (typeof map !== 'function') {
          throw new Error(
            'the script has no default export that is a function; write: export default function map(request) {}',
          );
        }
        const result: unknown = map(request);
        const isObject = (typeof result === 'object' && result !== null) || typeof result === 'function';
        if (!isObject || typeof (result as { then?: unknown }).then !== 'function')
          return finish(result, traced);
        new Promise((resolve) => resolve(result)).then(
          (value) => {
            outcome = finish(value, traced);
          },
          (thrown) => {
            outcome = failure(thrown);
          },
        );
        return '';
      } catch (thrown) {
        return failure(thrown);
      }
    },
    // All promise jobs have run when the call of `map` returns to the process.
    collect() {
      return (
        outcome ??
        failure(
          new Error(
            'the promise that map returned never settles: a script has no timers, files or network to wait for',
          ),
        )
      );
    },
  };
}
