/** Rule: `unwrap` names texts that hold JSON, in some sample. Gives the samples as the stages see a request, and the plan. */
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { pointerTo } from '../../stages/problem.ts';
import { prepareUnwrap, unwrapBody } from '../../stages/unwrap.ts';
import type { ConnectorDraft } from '../draft.ts';
import type { UnsplitSample } from './split.ts';

export function unwrapSamples(
  draft: ConnectorDraft,
  samples: readonly UnsplitSample[],
): readonly UnsplitSample[] {
  const spec = draft.section('unwrap');
  if (spec === undefined) return samples;
  const plans = prepareUnwrap(spec, '/unwrap', draft.report);
  draft.parts.unwrap = plans;
  let unwrapped = samples;
  const isOwn = ({ file }: UnsplitSample): boolean => file === draft.source.path;
  for (const [index, plan] of plans.entries()) {
    const { all } = compilePath(plan.path);
    const before = unwrapped.map(({ body }) => all(body).filter((value) => typeof value === 'string').length);
    // An inline sample is the document's own: it must not change.
    unwrapped = unwrapped.map((sample) => ({
      ...sample,
      body: unwrapBody([plan], isOwn(sample) ? structuredClone(sample.body) : sample.body),
    }));
    const after = unwrapped.map(({ body }) => all(body).filter((value) => typeof value !== 'string').length);
    if (samples.length === 0 || after.some((count) => count > 0)) continue;
    const isText = before.some((count) => count > 0);
    if (isText && plan.from === 'base64') continue;
    const message = isText
      ? `${quote(plan.path)} is a text in the samples, but none that is JSON; remove it, or say { path: ..., from: base64 }`
      : `${quote(plan.path)} is no text in any sample`;
    draft.report({ code: 'path-not-in-sample', pointer: pointerTo('/unwrap', index), message });
  }
  return unwrapped;
}
