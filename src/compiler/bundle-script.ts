/**
 * Compiles a mapping script and the files it imports into one module. In: the script's path and the connector's own
 * reader of files. Out: the mapping's plan, or what is wrong and where. esbuild sees nothing but what that reader gives
 * it: no file system, no packages, no settings of any project. The same files give the same bytes everywhere.
 */
import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type {
  BuildOptions,
  BuildResult,
  Loader,
  Message,
  OnLoadResult,
  OnResolveResult,
  PartialMessage,
} from 'esbuild';
import type { Code } from '../diagnostics/codes.ts';
import { quote } from '../diagnostics/printable.ts';
import type { ScriptMappingPlan } from '../stages/plans.ts';
import { MAX_SCRIPT_BYTES } from '../stages/script/script-runner.ts';
import { DEADLINE_MS, runEsbuild } from './confined-esbuild.ts';
import type { FileContent, FileFailure } from './read-file.ts';

/** What one person can review; every request's process loads it. */
const MAX_FILES = 32;
/** Source text of all files, in bytes: types and comments do not get into what is compiled. */
const MAX_SOURCE_BYTES = 2 * MAX_SCRIPT_BYTES;
const LOADERS: Readonly<Record<string, Loader>> = { '.js': 'js', '.mjs': 'js', '.ts': 'ts', '.json': 'json' };
const NAMESPACE = 'script';

/** What esbuild refuses by itself is a plain error; these are refusals of ours, by the id or the text of its message. */
const DYNAMIC_IMPORT = 'import() is not available in a script; import at the top of the file';
const REQUIRE = 'require() is not available in a script; use import';
const REFUSALS: Readonly<Record<string, string>> = {
  'unsupported-dynamic-import': DYNAMIC_IMPORT,
  'unsupported-require-call': REQUIRE,
  'indirect-require': REQUIRE,
};

const COMPUTED = /^Could not resolve (import|require)\("/;
const COMPUTED_ADVICE =
  'of a path that is put together is not available in a script; import each file at the top, and choose among what they export';

export interface ScriptProblem {
  readonly code: Code;
  readonly message: string;
  /** Where; null: the script as a whole. */
  readonly place: {
    /** Path inside the connector's folder. */
    readonly file: string;
    /** 1-based. */
    readonly line: number;
    /** In the line's UTF-8 bytes, from 0. */
    readonly byte: number;
    readonly bytes: number;
  } | null;
}

export type BundledScript =
  | { readonly ok: true; readonly plan: ScriptMappingPlan; readonly warnings: readonly ScriptProblem[] }
  | { readonly ok: false; readonly problems: readonly ScriptProblem[] };

export type ReadScript = (path: string) => FileContent | FileFailure;

/** One at a time: should esbuild's process come to an end, it is clear because of which script. */
let previous: Promise<unknown> = Promise.resolve();

/** `file` is one that `read` can read. Never rejects for anything that the files hold. */
export function bundleScript(file: string, read: ReadScript): Promise<BundledScript> {
  const result = previous.then(() => compile(posix.normalize(file), read));
  previous = result.catch(() => {});
  return result;
}

async function compile(file: string, read: ReadScript): Promise<BundledScript> {
  const files = new HandedOut(read);
  const built = await runEsbuild(optionsFor(file, files));
  if ('failure' in built) return { ok: false, problems: [FAILURES[built.failure]] };
  if (built.errors.length > 0) {
    return { ok: false, problems: withoutReading(built.errors).map((error) => describeError(error, files)) };
  }
  const problem = checkModules(file, built);
  if (problem !== null) return { ok: false, problems: [problem] };
  // The map comes first, by its name.
  const [map, code] = built.outputFiles ?? [];
  if (map === undefined || code === undefined) throw new Error('esbuild returned no script');
  if (code.contents.length > MAX_SCRIPT_BYTES) {
    const message = `the script takes ${code.contents.length} bytes once compiled; at most ${MAX_SCRIPT_BYTES} are taken`;
    return { ok: false, problems: [{ code: 'script-too-large', message, place: null }] };
  }
  const parsed = JSON.parse(map.text) as { sources: string[]; mappings: string };
  const sources = parsed.sources.map(withoutNamespace);
  const stranger = sources.find((source) => !files.has(source));
  if (stranger !== undefined) {
    const message = `${quote(stranger)} would be a source of the script, and is no file that it imports`;
    return { ok: false, problems: [{ code: 'script-source-map-refused', message, place: null }] };
  }
  const plan: ScriptMappingPlan = {
    kind: 'script',
    file,
    source: code.text,
    map: { sources, mappings: parsed.mappings },
    digest: hash('sha256', code.contents, 'hex'),
  };
  return { ok: true, plan, warnings: built.warnings.map((warning) => describeWarning(warning, files)) };
}

/** The files that esbuild was given: nothing else is a place in a problem, or a source of the module. */
class HandedOut {
  readonly #read: ReadScript;
  readonly #paths = new Set<string>();
  #bytes = 0;

  constructor(read: ReadScript) {
    this.#read = read;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  load(path: string): OnLoadResult {
    const content = this.#read(path);
    if (!content.ok) return refuse(content.code, content.message);
    this.#paths.add(path);
    this.#bytes += content.bytes.length;
    if (this.#paths.size > MAX_FILES) {
      return refuse('script-too-large', `the script is made of more than ${MAX_FILES} files`);
    }
    if (this.#bytes > MAX_SOURCE_BYTES) {
      return refuse(
        'script-too-large',
        `the script's files are larger than ${MAX_SOURCE_BYTES} bytes together`,
      );
    }
    const errors = findSourceMaps(path, content.text);
    if (errors.length > 0) return { errors };
    return { contents: content.text, loader: LOADERS[posix.extname(path)] ?? 'js' };
  }
}

/**
 * Comments that name a source map: esbuild reads the file they name, or believes the map that they hold. Also where they
 * stand in a text, as telling one from the other takes a parser.
 */
function findSourceMaps(path: string, text: string): PartialMessage[] {
  return [...text.matchAll(/[#@]\s*sourceMappingURL\s*=/gi)].map(({ 0: found, index }) => {
    const before = text.slice(0, index).split(/\r\n|[\n\r\u2028\u2029]/);
    const column = Buffer.byteLength(before.at(-1) ?? '');
    return {
      text: `${quote(found)} names a source map, and a script is its own source; take the comment out`,
      detail: 'script-source-map-refused' satisfies Code,
      location: { file: path, line: before.length, column, length: Buffer.byteLength(found) },
    };
  });
}

function optionsFor(file: string, files: HandedOut): BuildOptions {
  return {
    entryPoints: [file],
    bundle: true,
    write: false,
    outdir: '/',
    absWorkingDir: '/',
    format: 'esm',
    platform: 'neutral',
    // The engine of the script processes.
    target: 'node24',
    supported: { 'top-level-await': false },
    tsconfigRaw: '{}',
    charset: 'utf8',
    // Else deeply nested code grows with the square of its length.
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    logLimit: 20,
    logOverride: Object.fromEntries(Object.keys(REFUSALS).map((id) => [id, 'error'] as const)),
    plugins: [
      {
        name: 'connector-folder',
        setup(build) {
          build.onResolve({ filter: /(?:)/ }, ({ kind, path, importer }) =>
            kind === 'entry-point' ? { path, namespace: NAMESPACE } : resolveImport(kind, path, importer),
          );
          build.onLoad({ filter: /(?:)/ }, ({ path }) => files.load(path));
        },
      },
    ],
  };
}

function resolveImport(kind: string, specifier: string, importer: string): OnResolveResult {
  const refuseImport = (message: string): OnResolveResult => refuse('script-import-refused', message);
  if (kind === 'dynamic-import') return refuseImport(DYNAMIC_IMPORT);
  if (kind !== 'import-statement') return refuseImport(REQUIRE);
  if (!/^\.\.?\//.test(specifier)) {
    return refuseImport(
      `${quote(specifier)} is no file of the connector; a script imports files of its own folder, such as "./names.js"`,
    );
  }
  const path = posix.join(posix.dirname(importer), specifier);
  if (path.startsWith('../')) {
    return refuseImport(`${quote(specifier)} leaves the connector's folder; copy the file into it`);
  }
  if (!Object.hasOwn(LOADERS, posix.extname(path))) {
    return refuseImport(
      `${quote(specifier)} does not end in .js, .mjs, .ts or .json; write the file's whole name`,
    );
  }
  return { path, namespace: NAMESPACE };
}

function refuse(code: Code, message: string): { errors: { text: string; detail: Code }[] } {
  return { errors: [{ text: message, detail: code }] };
}

/** Why esbuild gave no answer. */
const FAILURES = {
  stopped: {
    code: 'script-invalid',
    message: 'the script cannot be compiled: it is too deeply nested',
    place: null,
  },
  late: {
    code: 'script-invalid',
    message: `the script cannot be compiled: it took longer than ${DEADLINE_MS / 1000} s; make it smaller, or give the machine less to do`,
    place: null,
  },
  missing: {
    code: 'script-compiler-missing',
    message: 'the script cannot be compiled: esbuild does not start; install its optional packages',
    place: null,
  },
} as const satisfies Record<string, ScriptProblem>;

/** What compiles, and still is no mapping script. */
function checkModules(file: string, { metafile }: Pick<BuildResult, 'metafile'>): ScriptProblem | null {
  const start = (path: string): ScriptProblem['place'] => ({ file: path, line: 1, byte: 0, bytes: 1 });
  for (const [path, { format }] of Object.entries(metafile?.inputs ?? {})) {
    if (format !== 'cjs') continue;
    const message = 'the file uses module.exports or exports; use export';
    return { code: 'script-invalid', message, place: start(withoutNamespace(path)) };
  }
  const outputs = Object.values(metafile?.outputs ?? {});
  if (outputs.some(({ exports }) => exports.includes('default'))) return null;
  const message = 'the script has no default export; write: export default function map(request) {}';
  return { code: 'script-default-missing', message, place: start(file) };
}

/** For a path that is put together esbuild wants to look for files, and says that it may not beside what it looked for. */
function withoutReading(errors: readonly Message[]): readonly Message[] {
  return errors.some(({ text }) => COMPUTED.test(text))
    ? errors.filter(({ text, location }) => location !== null || !text.startsWith('Cannot read directory'))
    : errors;
}

function describeError(error: Message, files: HandedOut): ScriptProblem {
  const place = placeOf(error, files);
  const refusal = REFUSALS[error.id];
  if (refusal !== undefined) return { code: 'script-import-refused', message: refusal, place };
  const computed = COMPUTED.exec(error.text)?.[1];
  if (computed !== undefined) {
    return { code: 'script-import-refused', message: `${computed}() ${COMPUTED_ADVICE}`, place };
  }
  if (typeof error.detail === 'string') return { code: error.detail as Code, message: error.text, place };
  if (error.text.startsWith('Top-level await')) {
    const message = 'a script cannot wait while it loads; move the await into the function';
    return { code: 'script-await-refused', message, place };
  }
  return { code: 'script-invalid', message: `the script does not compile: ${cleanText(error)}`, place };
}

function describeWarning(warning: Message, files: HandedOut): ScriptProblem {
  return { code: 'script-suspicious', message: cleanText(warning), place: placeOf(warning, files) };
}

function placeOf({ location }: Message, files: HandedOut): ScriptProblem['place'] {
  const file = location === null ? '' : withoutNamespace(location.file);
  if (location === null || !files.has(file)) return null;
  return { file, line: location.line, byte: location.column, bytes: location.length };
}

function withoutNamespace(path: string): string {
  return path.startsWith(`${NAMESPACE}:`) ? path.slice(NAMESPACE.length + 1) : path;
}

function cleanText({ text }: Message): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`.replaceAll(`"${NAMESPACE}:`, '"');
}
