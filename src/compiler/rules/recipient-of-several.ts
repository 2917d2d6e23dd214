/**
 * Rule: a recipient is one user. A text such as "ada@example.com, bob@example.com" would be sent as the id of one, who does
 * not exist.
 */
import { quote } from '../../diagnostics/printable.ts';
import { compileFound } from '../../stages/mapping/expression.ts';
import { compileNamed } from '../../stages/mapping/named-values.ts';
import { Failed, Many } from '../../stages/mapping/scope.ts';
import type { ConnectorDraft } from '../draft.ts';
import { nameSamples, noteSamples } from './sample-names.ts';

/** Two ids or more: what stands between has no blank inside, as names of people do. */
const SEVERAL = /^\s*[^\s,;]+(\s*[,;]\s*)[^\s,;]+(?:\s*[,;]\s*[^\s,;]+)*\s*[,;]?\s*$/;

export function checkRecipients(draft: ConnectorDraft): void {
  const { mapping, samples } = draft.parts;
  if (mapping?.kind !== 'structured') return;
  const open = compileNamed(mapping.values);
  const isList = Array.isArray(draft.rawValueAt('/mapping/targetUserIds'));
  for (const [index, plan] of mapping.targetUserIds.entries()) {
    if (plan.kind !== 'path') continue;
    const read = compileFound(plan);
    const separators = new Set<string>();
    const found = samples.filter(({ payloads, headers, body }) =>
      payloads.some((payload) => {
        const value = read(open(payload, headers, body));
        if (value instanceof Failed) return false;
        const texts = value instanceof Many ? value.values : [value].flat();
        const several = texts.map((text) =>
          typeof text === 'string' ? SEVERAL.exec(text)?.[1]?.trim() : undefined,
        );
        for (const separator of several) if (separator !== undefined) separators.add(separator);
        return several.some((separator) => separator !== undefined);
      }),
    );
    const [separator] = separators;
    if (separator === undefined) continue;
    const message = `in ${nameSamples(found)} the recipient is a text with ${quote(separator)} between several; take it apart: { path: ${quote(plan.paths[0] ?? '')}, separator: ${quote(separator)} }`;
    const pointer = `/mapping/targetUserIds${isList ? `/${index}` : ''}`;
    draft.report({ code: 'recipient-of-several', pointer, message }, noteSamples(found));
  }
}
