/**
 * Rule: the time of a card in a sample is one. The zero time of a language stands for "never" or "not yet" and counts as
 * missing; where the file does not say that it may be, its author does not know.
 */
import { quote } from '../../diagnostics/printable.ts';
import { isDummyValue } from '../../stages/mapping/date-time.ts';
import { compileFound } from '../../stages/mapping/expression.ts';
import { compileNamed } from '../../stages/mapping/named-values.ts';
import { Failed, isPresent, Many } from '../../stages/mapping/scope.ts';
import type { ConnectorDraft } from '../draft.ts';
import { nameSamples, noteSamples } from './sample-names.ts';

export function checkDummyTimes(draft: ConnectorDraft): void {
  const { mapping, samples } = draft.parts;
  if (mapping?.kind !== 'structured') return;
  const open = compileNamed(mapping.values);
  for (const name of ['expires', 'embargo']) {
    const plan = mapping.cardOptions?.[name];
    if (plan?.kind !== 'path' || 'default' in plan || plan.missing !== undefined) continue;
    const read = compileFound({ kind: 'path', paths: plan.paths });
    const dummies = samples.filter(({ payloads, headers, body }) =>
      payloads.some((payload) => {
        const found = read(open(payload, headers, body));
        return isPresent(found) && !(found instanceof Many || found instanceof Failed) && isDummyValue(found);
      }),
    );
    if (dummies.length === 0) continue;
    const message = `${quote(name)} of ${nameSamples(dummies)} is a time that stands for none, and counts as missing; say that it may be with default: null, or map another time`;
    draft.report(
      { code: 'time-dummy', pointer: `/mapping/cardOptions/${name}`, message },
      noteSamples(dummies),
    );
  }
}
