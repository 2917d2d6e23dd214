/** Bodies that anyone may send: whatever they hold, they are read or refused, within bounds, and nothing throws. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMultipart } from '../../../src/stages/body/multipart-body.ts';
import { MAX_XML_NODES, parseXmlBody } from '../../../src/stages/body/xml-body.ts';

const xml = (text: string) => parseXmlBody(Buffer.from(text));

describe('XML', () => {
  test('elements, attributes, text, lists and nil', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body><note id="7">hi &amp; <![CDATA[<b>]]></note><item>1</item><item>2</item><none xsi:nil="true"/><empty/><one>1</one></soapenv:Body>
</soapenv:Envelope>`;
    expect(parseXmlBody(Buffer.from(text), new Set(['Envelope/Body/one']))).toEqual({
      ok: true,
      value: {
        Envelope: {
          Body: {
            note: { '@id': '7', '#text': 'hi & <b>' },
            item: ['1', '2'],
            none: null,
            empty: '',
            one: ['1'],
          },
        },
      },
    });
  });

  test.each([
    ['<!DOCTYPE a [<!ENTITY x "lol">]><a>&x;</a>', 'the body has a DOCTYPE, which is not taken'],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'the body has a DOCTYPE, which is not taken'],
    [`${'<a>'.repeat(70)}${'</a>'.repeat(70)}`, 'the body nests deeper than 64 levels'],
    [
      `<a>${'<b/>'.repeat(MAX_XML_NODES)}</a>`,
      `the body has more than ${MAX_XML_NODES} elements and attributes`,
    ],
  ])('%.40s is refused', (text, detail) => {
    expect(xml(text)).toEqual({ ok: false, code: 'body-malformed', detail });
  });

  test.each(['<a>&x;</a>', '<a>', '<a></b>', '<p:a/>', 'text', '<a/><b/>', '<a b="1" b="2"/>', '\u0000'])(
    '%j is not well-formed',
    (text) => {
      expect(xml(text)).toMatchObject({ ok: false });
    },
  );

  test('a member named __proto__ is only data', () => {
    const parsed = xml('<a><__proto__>1</__proto__></a>');
    expect(JSON.stringify(parsed)).toBe('{"ok":true,"value":{"a":{"__proto__":"1"}}}');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  test('anything', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b c="',
      '"',
      '>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&#x41;',
      '&lt;',
      '<?',
      '?>',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
        expect(typeof xml(pieces.join('')).ok).toBe('boolean');
      }),
    );
  });
});

describe('multipart', () => {
  const TYPE = 'multipart/form-data; boundary=x';
  const read = (text: string) => readMultipart(TYPE, Buffer.from(text), 1_000_000);
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

  test('10,000 parts are too many, of fields and of files', async () => {
    const file = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\r\n';
    for (const text of [field('a', '1').repeat(10_000), field('a', '1') + file.repeat(10_000)])
      expect(await read(`${text}--x--\r\n`)).toMatchObject({ ok: false, code: 'body-malformed' });
  });

  test('values are bounded together', async () => {
    const text = `${field('a', 'y'.repeat(600))}${field('b', 'y'.repeat(600))}--x--\r\n`;
    expect(await readMultipart(TYPE, Buffer.from(text), 1000)).toMatchObject({ ok: false });
    expect(await readMultipart(TYPE, Buffer.from(text), 1200)).toMatchObject({ ok: true });
  });

  test.each([
    ['without a boundary', 'multipart/form-data', field('a', '1')],
    ['cut short', TYPE, field('a', '1').slice(0, -8)],
    ['empty', TYPE, ''],
    ['of another boundary', TYPE, '--y\r\n\r\n--y--'],
  ])('%s', async (_, type, text) => {
    expect(await readMultipart(type, Buffer.from(text), 1000)).toMatchObject({ ok: false });
  });

  test('anything ends', async () => {
    const piece = fc.constantFrom(
      '--x',
      '--x--',
      '\r\n',
      '\r\n\r\n',
      'Content-Disposition: form-data; name="a"',
      '; filename="b"',
      'Content-Type: text/plain; charset=',
      'Content-Transfer-Encoding: base64',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), async (pieces) => {
        expect(typeof (await read(pieces.join(''))).ok).toBe('boolean');
      }),
    );
  });
});
