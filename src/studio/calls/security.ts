/** The calls about who may call: `presets` lists the providers, `shipped` those of one's events of which there are samples, `security` says what holds for one connector. */
import { setAt } from '../../compiler/edit/edit-at.ts';
import { secretName, secretsOf } from '../../stages/secrets.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { describePreset } from '../../workbench/new/describe-preset.ts';
import { eventsOfPreset } from '../../workbench/new/preset-events.ts';
import { describeProof } from '../../workbench/preview/describe-proof.ts';
import type { PagePreset, SecurityAnswer, ShippedEvent } from '../api.ts';
import { pageProblem } from '../page-problem.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered } from './answer.ts';
import { type DraftBody, draftOf } from './draft-of.ts';
import { pathsOf } from './locations.ts';

export function presets(): Answer<{ readonly presets: readonly PagePreset[] }> {
  return answered({ presets: [...PRESETS.values()].map(pagePreset) });
}

/** None for what is no preset. */
export function shipped(
  _: Workspace,
  { preset }: { readonly preset: string },
): Answer<{ readonly events: readonly ShippedEvent[] }> {
  const known = PRESETS.has(preset) ? eventsOfPreset(preset) : [];
  return answered({ events: known.map(({ event, title }) => ({ event, title })) });
}

function pagePreset(preset: SignaturePreset): PagePreset {
  const { name, title, docs, weak = null, notes, secretScope } = preset;
  const { checks, open, handshakes, limits } = describePreset(preset);
  return { name, title, docs, checks, open, weak, notes, handshakes, limits, secretScope };
}

export async function security(workspace: Workspace, body: DraftBody): Promise<Answer<SecurityAnswer>> {
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const { connector, source, location } = draft.value;
  const { plan, spec } = connector;
  const signature = plan?.signature ?? null;
  const references = signature === null ? [] : [...secretsOf(signature)];
  const missing = new Map(workspace.secrets.missing(references).map(({ name, reason }) => [name, reason]));
  const named = [...new Set(references.map(secretName))];
  const preset = spec?.security?.signature?.preset;
  const found = preset === undefined ? undefined : PRESETS.get(preset);
  const covers = signature?.covers ?? (plan?.urlKey ? { body: false, headers: [], timestamp: false } : null);
  const live = setAt(source.text, '/status', 'live');
  const asLive = live.ok
    ? await draftOf(workspace, { ...body, texts: { ...body.texts, [location.fileName]: live.text } })
    : draft;
  const problems = asLive.ok ? asLive.value.diagnostics.filter(({ severity }) => severity === 'error') : [];
  const status = await workspace.control?.status();
  return answered({
    proof: describeProof({ covers }),
    preset: found === undefined ? null : pagePreset(found),
    secrets: named.map((name) => ({ name, missing: missing.get(name) ?? null })),
    addresses: plan?.allowIps ?? [],
    hasUrlKey: plan?.urlKey ?? false,
    url: status?.connectors.find(({ id }) => id === connector.id)?.url ?? null,
    blocks: problems.map((one) => pageProblem(one, asLive.ok ? asLive.value : null, pathsOf(location))),
  });
}
