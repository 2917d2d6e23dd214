/**
 * The bundle as bytes: a manifest line, then one line per connector sorted by id, every line canonical JSON. The same
 * plans give the same content bytes. Decoding never throws on any bytes and never parses a connector that nobody asks
 * for: a reload of 10,000 must stay cheap.
 */
import { createHash, hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { type BundleConnector, decodeConnector, encodeConnector } from './connector-line.ts';
import { BUNDLE_FORMAT, type BundleManifest, type ConnectorPlan } from './plan.ts';

/** What a bundle says about its own making. */
export type BundleOrigin = Pick<BundleManifest, 'revision' | 'sequence' | 'tool'>;

export interface Bundle {
  readonly manifest: BundleManifest;
  /** By id, in the order of ids. */
  readonly connectors: ReadonlyMap<string, BundleConnector>;
}

export type BundleRefusal =
  | 'bundle-too-large'
  | 'bundle-manifest-invalid'
  | 'bundle-format-unsupported'
  | 'bundle-digest-mismatch'
  | 'bundle-line-invalid'
  | 'bundle-order-invalid'
  | 'bundle-count-mismatch';

export type DecodeResult =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly code: BundleRefusal; readonly message: string };

/** Ten thousand connectors with long mappings take about 100 MB; more is an accident. */
export const MAX_BUNDLE_BYTES = 256 * 1024 * 1024;

const NO_MANIFEST =
  'the first line is not a bundle manifest: copy the bundle again, or build it with `sluice build`';
/** A manifest is about 250 bytes; a file without newlines is not searched further. */
const MAX_MANIFEST_BYTES = 8192;

const NEWLINE = 0x0a;

/** A connector's line without its newline, encoded before or read from where it was kept. */
export interface ConnectorLine {
  readonly id: string;
  readonly line: string | Buffer;
}

/** The bundle of these plans. Throws on two with the same id, and on an origin that no decoder would take. */
export function encodeBundle(plans: readonly ConnectorPlan[], origin: BundleOrigin): Buffer {
  return assembleBundle(plans.map(encodeConnector), origin);
}

/** The bundle of connectors that are encoded already, in whatever order they are given. Throws as `encodeBundle` does. */
export function assembleBundle(connectors: readonly ConnectorLine[], origin: BundleOrigin): Buffer {
  if (!isCount(origin.sequence)) throw new TypeError(`the sequence ${origin.sequence} is not a whole number`);
  const sorted = connectors.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  for (let index = 1; index < sorted.length; index += 1) {
    const id = sorted[index]?.id;
    if (id === sorted[index - 1]?.id) throw new Error(`two connectors have the id "${id}"`);
  }
  const end = Buffer.from([NEWLINE]);
  const lines = sorted.flatMap(({ line }) => [typeof line === 'string' ? Buffer.from(line) : line, end]);
  const digest = createHash('sha256');
  for (const line of lines) digest.update(line);
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    revision: origin.revision,
    sequence: origin.sequence,
    digest: digest.digest('hex'),
    connectors: sorted.length,
    tool: origin.tool,
  };
  const line = Buffer.from(`${canonicalJson(manifest)}\n`);
  if (line.length > MAX_MANIFEST_BYTES) throw new RangeError('the revision is too long for a manifest');
  return Buffer.concat([line, ...lines]);
}

/** A sound bundle with another sequence; its content stays as it is. Throws on one that `decodeBundle` refuses. */
export function withSequence(bytes: Buffer, sequence: number): Buffer {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) throw new Error(`not a sound bundle: ${decoded.message}`);
  if (!isCount(sequence)) throw new TypeError(`the sequence ${sequence} is not a whole number`);
  const line = Buffer.from(`${canonicalJson({ ...decoded.bundle.manifest, sequence })}\n`);
  return Buffer.concat([line, bytes.subarray(bytes.indexOf(NEWLINE) + 1)]);
}

/** Checks format, digest, order, count and the frame of each line, and gives the connectors without parsing them. */
export function decodeBundle(bytes: Buffer): DecodeResult {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    return refuse('bundle-too-large', `${bytes.length} bytes, at most ${MAX_BUNDLE_BYTES} are read`);
  }
  const end = bytes.subarray(0, MAX_MANIFEST_BYTES).indexOf(NEWLINE);
  if (end === -1) return refuse('bundle-manifest-invalid', NO_MANIFEST);
  const decoded = decodeManifest(bytes.toString('utf8', 0, end));
  if (!decoded.ok) return decoded;
  const { manifest } = decoded;
  const content = bytes.subarray(end + 1);
  const digest = hash('sha256', content, 'hex');
  if (digest !== manifest.digest) {
    const fact = `the content has the digest ${digest}, the manifest says ${manifest.digest}`;
    return refuse('bundle-digest-mismatch', `${fact}: copy or build the bundle again`);
  }
  return decodeContent(content, manifest);
}

type Refusal = Extract<DecodeResult, { ok: false }>;

function refuse(code: BundleRefusal, message: string): Refusal {
  return { ok: false, code, message };
}

function decodeManifest(line: string): { readonly ok: true; readonly manifest: BundleManifest } | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refuse('bundle-manifest-invalid', NO_MANIFEST);
  }
  if (typeof value !== 'object' || value === null) {
    return refuse('bundle-manifest-invalid', NO_MANIFEST);
  }
  const { format, revision, sequence, digest, connectors, tool } = value as Record<string, unknown>;
  if (!isCount(format))
    return refuse('bundle-manifest-invalid', 'the manifest has no format version: build the bundle again');
  // Before the other members: another format may not have them.
  if (format !== BUNDLE_FORMAT) {
    const advice =
      format > BUNDLE_FORMAT ? 'it is newer, update this runtime first' : 'build the bundle again';
    return refuse(
      'bundle-format-unsupported',
      `format ${format}, this version reads ${BUNDLE_FORMAT}: ${advice}`,
    );
  }
  if (typeof revision !== 'string' || typeof tool !== 'string') {
    return refuse(
      'bundle-manifest-invalid',
      'the manifest has no revision or no tool: build the bundle again',
    );
  }
  if (!isCount(sequence) || !isCount(connectors)) {
    return refuse(
      'bundle-manifest-invalid',
      'sequence and connectors must be whole numbers: build the bundle again',
    );
  }
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) {
    return refuse('bundle-manifest-invalid', 'the digest is not 64 hex digits: build the bundle again');
  }
  return { ok: true, manifest: { format, revision, sequence, digest, connectors, tool } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function decodeContent(content: Buffer, manifest: BundleManifest): DecodeResult {
  const connectors = new Map<string, BundleConnector>();
  let previous = '';
  let start = 0;
  while (start < content.length) {
    const lineNumber = connectors.size + 2;
    const end = content.indexOf(NEWLINE, start);
    const connector = end === -1 ? null : decodeConnector(content, start, end);
    if (connector === null) return refuse('bundle-line-invalid', `line ${lineNumber} is not a connector`);
    const { id } = connector;
    // Strictly ascending: sorted, and no id twice.
    if (id <= previous)
      return refuse('bundle-order-invalid', `line ${lineNumber}: "${id}" follows "${previous}"`);
    connectors.set(id, connector);
    previous = id;
    start = end + 1;
  }
  if (connectors.size !== manifest.connectors) {
    const fact = `${connectors.size} connectors, the manifest says ${manifest.connectors}`;
    return refuse('bundle-count-mismatch', fact);
  }
  return { ok: true, bundle: { manifest, connectors } };
}
