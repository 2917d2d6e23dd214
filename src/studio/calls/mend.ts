/**
 * The call `mend`: what the connector would do with the requests that are held, and one change that would let more of them
 * pass, with what it would do then. The same function as `sluice drift`. Writes nothing: the texts become a draft.
 */
import { heldRequests } from '../../workbench/drift/held-requests.ts';
import { LAST } from '../../workbench/drift/limits.ts';
import { proposeChange } from '../../workbench/drift/propose-change.ts';
import { review } from '../../workbench/drift/review.ts';
import type { Numbers } from '../../workbench/drift/tally.ts';
import type { Fates, MendAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { type DraftBody, draftOf } from './draft-of.ts';

export async function mend(workspace: Workspace, body: DraftBody): Promise<Answer<MendAnswer>> {
  const { control, scripts } = workspace;
  if (control === null)
    return refused(409, 'nothing is served here: start it with `npm start` or `sluice dev`');
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const { connector, location } = draft.value;
  const { plan } = connector;
  if (plan === null) return refused(409, 'the connector has errors; correct them first');
  const ids: string[] = [];
  for (let more = true; more; ) {
    const list = await control.holds({ connector: connector.id, after: ids.at(-1) ?? '', limit: LAST });
    if (!list.ok) return { ok: false, refusal: list.problem };
    ids.push(...list.value.holds.map(({ id }) => id));
    more = list.value.holds.length === LAST;
  }
  const requests = heldRequests(ids.slice(-LAST), async (id) => {
    const found = await control.hold(id);
    return found.ok ? found.value : null;
  });
  const { tally } = await review(plan, requests, scripts);
  const change = await proposeChange(location, requests, scripts, body.texts);
  const drift = (await control.status()).connectors.find(({ id }) => id === connector.id)?.drift ?? null;
  return answered({
    judged: tally.numbers.judged,
    before: fatesOf(tally.numbers),
    drifted: drift === null ? null : { count: drift.count, differences: drift.differences },
    change:
      change === null
        ? null
        : {
            steps: change.steps.map(escapeText),
            texts: change.texts,
            patch: escapeText(change.patch),
            after: fatesOf(change.after),
          },
  });
}

function fatesOf({ delivered, ignored, held }: Numbers): Fates {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return { delivered, ignored: sum(ignored), held: sum(held) };
}
