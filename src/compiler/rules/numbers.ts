/**
 * Rule: what is written as a number, and becomes a text, stands there as it is meant. YAML reads 007 as 7, 1.10 as 1.1 and
 * 1e3 as 1000: an id or a code would be another one, without a word. Numbers that count or compare are left alone.
 */
import { quote } from '../../diagnostics/printable.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

/** Where values become texts of a trigger; in conditions only what loses digits is certainly not what is meant. */
const MAPPED = ['/mapping', '/values'];
const COMPARED = ['/when', '/testWhen', '/split'];
const SOURCES = ['path', 'template', 'header', 'list', 'use'];
/** Words beside a source, and fields, whose numbers are numbers. */
const COUNTS: ReadonlySet<string> = new Set(['point', 'decimals', 'limit', 'from', 'above', 'below']);
const PRIORITY = '/mapping/cardOptions/priority';
const CONDITION_WORDS: ReadonlySet<string> = new Set(['equals', 'in', 'notEquals', 'notIn', 'contains']);
/** Numbers as the core schema of YAML 1.2 has them. */
const NUMBER = /^[-+]?(?:0o[0-7]+|0x[0-9a-fA-F]+|(?:\.\d+|\d+\.?\d*)(?:[eE][-+]?\d+)?)$/;

export function checkNumbers(draft: ConnectorDraft): void {
  for (const place of MAPPED) visit(draft, draft.rawValueAt(place), place, false);
  for (const place of COMPARED) visit(draft, draft.rawValueAt(place), place, true);
}

/** `isCompared`: as numbers, where the payload has one. */
function visit(
  draft: ConnectorDraft,
  value: JsonValue | undefined,
  pointer: string,
  isCompared: boolean,
): void {
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (pointer.startsWith(PRIORITY)) return;
    const written = writtenAt(draft, pointer, 'value');
    if (isCompared ? losesDigits(written, value) : written !== String(value))
      report(draft, pointer, 'value', written, String(value));
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) visit(draft, one, pointerTo(pointer, index), isCompared);
    return;
  }
  if (!isJsonObject(value)) return;
  const isExpression = SOURCES.some((source) => Object.hasOwn(value, source));
  for (const [key, one] of Object.entries(value)) {
    if (isExpression && COUNTS.has(key)) continue;
    const place = pointerTo(pointer, key);
    if (isExpression && key === 'map') checkCodes(draft, one, place);
    const isBand = isExpression && key === 'bands' && Array.isArray(one);
    if (!isBand) visit(draft, one, place, isCompared || (isExpression && CONDITION_WORDS.has(key)));
    else
      for (const [index, band] of one.entries())
        if (isJsonObject(band)) visit(draft, band.is, pointerTo(pointerTo(place, index), 'is'), false);
  }
}

/** Codes of a lookup are compared as texts: 007 finds "007", and never the number 7. */
function checkCodes(draft: ConnectorDraft, map: JsonValue | undefined, pointer: string): void {
  if (!isJsonObject(map)) return;
  for (const code of Object.keys(map)) {
    const place = pointerTo(pointer, code);
    const written = writtenAt(draft, place, 'key');
    if (!NUMBER.test(written)) continue;
    const plain = plainNumber(written);
    if (written !== plain) report(draft, place, 'key', written, plain);
  }
}

function plainNumber(written: string): string {
  if (/^[-+]?\d+$/.test(written)) return String(BigInt(written.replace(/^\+/, '')));
  return String(Number(written));
}

/** 0123 is the code of something, and of a decimal that is too long the rest is gone. */
function losesDigits(written: string, value: number | bigint): boolean {
  if (/^[-+]?0\d/.test(written)) return true;
  const digits = (text: string): string =>
    text
      .replace(/[eE].*$/, '')
      .replace(/\D/g, '')
      .replace(/^0+|0+$/g, '');
  return (
    /^[-+]?[\d.]+$/.test(written) && digits(written).length > 17 && digits(written) !== digits(String(value))
  );
}

function writtenAt(draft: ConnectorDraft, pointer: string, part: 'key' | 'value'): string {
  const { offset, length } = draft.document.spanOf(pointer, part);
  return draft.source.text.slice(offset, offset + length);
}

function report(
  draft: ConnectorDraft,
  pointer: string,
  part: 'key' | 'value',
  written: string,
  plain: string,
): void {
  const use =
    part === 'key'
      ? 'is looked up as this text'
      : `is the number ${plain} in YAML, which is what would be used`;
  const message = `${written} ${use}; write ${quote(written)} in quotes for the text, or ${plain} for the number`;
  draft.report({ code: 'number-rewritten', pointer, message, remedy: { kind: 'quote' } }, [], part);
}
