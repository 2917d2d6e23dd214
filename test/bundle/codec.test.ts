import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleBundle, decodeBundle, encodeBundle } from '../../src/bundle/codec.ts';
import { encodeConnector } from '../../src/bundle/connector-line.ts';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { hmacSignature, makePlan } from './make-plan.ts';

const origin = { revision: 'abc123', sequence: 7, tool: 'sluice 0.1.0' };
const plans = [
  makePlan({ id: 'stripe' }),
  makePlan({ id: 'a-shop', signature: hmacSignature }),
  makePlan({
    id: 'github',
    description: 'Überweisung → \u2028 "quoted" 💳',
    when: [{ path: '$.type', equals: 1.5, inEverySample: true }],
  }),
];
const bytes = encodeBundle(plans, origin);

/** A bundle with this content, whose manifest says what is right unless `changes` says otherwise. */
function forge(lines: readonly string[], changes: Record<string, unknown> = {}): Buffer {
  const connectors = lines.map((line, index) => ({ id: String(index).padStart(9, '0'), digest: '', line }));
  const text = assembleBundle(connectors, origin).toString();
  const manifest = { ...JSON.parse(text.slice(0, text.indexOf('\n'))), ...changes };
  return Buffer.from(JSON.stringify(manifest) + text.slice(text.indexOf('\n')));
}

function codeOf(bundle: Buffer): string {
  const result = decodeBundle(bundle);
  return result.ok ? 'ok' : result.code;
}

function decode(bundle: Buffer) {
  const result = decodeBundle(bundle);
  if (!result.ok) throw new Error(result.message);
  return result.bundle;
}

describe('encode', () => {
  test('the same plans give the same bytes, in whatever order they and their members stand', () => {
    const shuffled = plans.toReversed().map((plan) => Object.fromEntries(Object.entries(plan).toReversed()));
    expect(encodeBundle(shuffled as unknown as ConnectorPlan[], origin)).toEqual(bytes);
  });

  test('the content does not depend on revision, sequence or tool', () => {
    const other = encodeBundle(plans, { revision: 'def', sequence: 8, tool: 'sluice 9' });
    expect(decode(other).manifest.digest).toBe(decode(bytes).manifest.digest);
    expect(other.equals(bytes)).toBe(false);
  });

  test('one line per connector, sorted by id, id and digest first', () => {
    const lines = bytes.toString().trimEnd().split('\n').slice(1);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['a-shop', 'github', 'stripe']);
    for (const line of lines) expect(line).toMatch(/^\{"digest":"[0-9a-f]{64}","id":"[a-z-]+","plan":\{/);
  });

  test('lines that were encoded before assemble to the same bundle', () => {
    expect(assembleBundle(plans.map(encodeConnector), origin)).toEqual(bytes);
  });

  test('two connectors with one id are a bug of the caller', () => {
    expect(() => encodeBundle([makePlan(), makePlan()], origin)).toThrow(
      'two connectors have the id "orders"',
    );
  });

  test('a sequence that no decoder takes is a bug of the caller', () => {
    expect(() => encodeBundle([], { ...origin, sequence: -1 })).toThrow('-1');
  });
});

describe('decode', () => {
  test('gives back the plans and the manifest', () => {
    const bundle = decode(bytes);
    expect(bundle.manifest).toMatchObject({ format: 1, ...origin, connectors: 3 });
    expect([...bundle.connectors.keys()]).toEqual(['a-shop', 'github', 'stripe']);
    for (const plan of plans) expect(bundle.connectors.get(plan.id)?.plan()).toEqual(plan);
  });

  test('a plan is parsed once, and keeps the digits of big integers', () => {
    const when = [{ path: '$.n', equals: 9007199254740993n as unknown as number, inEverySample: true }];
    const connector = decode(encodeBundle([makePlan({ when })], origin)).connectors.get('orders');
    expect(connector?.plan().when[0]?.equals).toBe(9007199254740993n);
    expect(connector?.plan()).toBe(connector?.plan());
  });

  test('no connectors are a bundle too', () => {
    expect(decode(encodeBundle([], origin)).connectors.size).toBe(0);
  });

  test('equal connectors have equal digests from bundle to bundle, changed ones do not', () => {
    const [first, , third] = plans as [ConnectorPlan, ConnectorPlan, ConnectorPlan];
    const next = decode(encodeBundle([first, { ...third, status: 'live' }], origin));
    const digest = (id: string) => decode(bytes).connectors.get(id)?.digest;
    expect(next.connectors.get('stripe')?.digest).toBe(digest('stripe'));
    expect(next.connectors.get('github')?.digest).not.toBe(digest('github'));
  });

  const line = (id: string) => encodeConnector(makePlan({ id })).line;
  const refusals: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', Buffer.alloc(0), 'bundle-manifest-invalid'],
    ['a manifest without a newline', Buffer.from('{"format":1}'), 'bundle-manifest-invalid'],
    ['a file without newlines', Buffer.alloc(100_000, 0x20), 'bundle-manifest-invalid'],
    ['text', Buffer.from('hello\nworld\n'), 'bundle-manifest-invalid'],
    ['a list', Buffer.from('[]\n'), 'bundle-manifest-invalid'],
    ['null', Buffer.from('null\n'), 'bundle-manifest-invalid'],
    ['a newer format', Buffer.from('{"format":2,"chunks":[]}\n'), 'bundle-format-unsupported'],
    ['an older format', Buffer.from('{"format":0}\n'), 'bundle-format-unsupported'],
    ['no digest', forge([], { digest: undefined }), 'bundle-manifest-invalid'],
    ['a digest in capitals', forge([], { digest: 'A'.repeat(64) }), 'bundle-manifest-invalid'],
    ['another digest', forge([line('a')], { digest: 'a'.repeat(64) }), 'bundle-digest-mismatch'],
    ['a fraction as sequence', forge([], { sequence: 1.5 }), 'bundle-manifest-invalid'],
    ['no revision', forge([], { revision: undefined }), 'bundle-manifest-invalid'],
    ['fewer connectors than announced', forge([line('a')], { connectors: 2 }), 'bundle-count-mismatch'],
    ['wrong order', forge([line('b'), line('a')]), 'bundle-order-invalid'],
    ['an id twice', forge([line('a'), line('a')]), 'bundle-order-invalid'],
    ['a line that is no connector', forge(['{}']), 'bundle-line-invalid'],
    ['an id that is none', forge([line('a').replace('"id":"a"', '"id":"../a"')]), 'bundle-line-invalid'],
    ['an empty line', forge([line('a'), '']), 'bundle-line-invalid'],
    ['no newline at the end', forge([line('a')]).subarray(0, -1), 'bundle-digest-mismatch'],
  ];
  test.each(refusals)('refuses %s', (_, bundle, code) => {
    expect(codeOf(bundle)).toBe(code);
  });

  test('says of what is no bundle where one comes from', () => {
    for (const text of ['', 'hello\n', 'null\n'])
      expect(decodeBundle(Buffer.from(text))).toMatchObject({
        message:
          'the first line is not a bundle manifest: copy the bundle again, or build it with `sluice build`',
      });
  });

  test('says that a newer format needs a newer runtime', () => {
    expect(decodeBundle(Buffer.from('{"format":2}\n'))).toMatchObject({
      message: 'format 2, this version reads 1: it is newer, update this runtime first',
    });
  });

  test('a line whose plan is not what its digest says breaks that connector alone', () => {
    const bundle = decode(forge([line('a').replace('flow_1', 'flow_2'), line('b')]));
    expect(() => bundle.connectors.get('a')?.plan()).toThrow('not what its digest says');
    expect(bundle.connectors.get('b')?.plan().id).toBe('b');
  });

  test('a plan with another id than its line is not taken', () => {
    const bundle = decode(forge([line('a').replace('"id":"a"', '"id":"b"')]));
    expect(() => bundle.connectors.get('b')?.plan()).toThrow('has another id');
  });

  test('every truncation is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(codeOf(bytes.subarray(0, length))).not.toBe('ok');
      }),
    );
  });

  test('every flipped bit of the content is refused; one in the manifest never changes a connector', () => {
    const content = bytes.indexOf('\n') + 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        const result = decodeBundle(flipped);
        if (bit >> 3 >= content) expect(result.ok).toBe(false);
        else if (result.ok) expect(result.bundle.connectors.get('stripe')?.plan()).toEqual(plans[0]);
      }),
      { numRuns: 1000 },
    );
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (random, withManifest) => {
        const start = withManifest ? bytes.subarray(0, bytes.indexOf('\n') + 1) : Buffer.alloc(0);
        expect(codeOf(Buffer.concat([start, random]))).not.toBe('ok');
      }),
    );
  });
});
