/**
 * The call `create`: the files of a new connector, as drafts. With a sample the mapping is proposed from it, as `sluice new`
 * does; without one it is a stub that waits for its first request.
 */
import { parseJsonBody } from '../../stages/json/json-text.ts';
import type { JsonObject } from '../../stages/json/json-value.ts';
import { readSample } from '../../stages/sample.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { findConnector, placeOfNew } from '../../workbench/draft/locate.ts';
import { CHOSEN, type Choices, isFormSample, type Proof } from '../../workbench/new/choices.ts';
import { connectorText } from '../../workbench/new/connector-text.ts';
import { type EventSamples, samplesOfEvent } from '../../workbench/new/preset-events.ts';
import { propose, withRecipient } from '../../workbench/new/propose.ts';
import { providerSays } from '../../workbench/new/provider-says.ts';
import { redactSamples } from '../../workbench/new/redact-samples.ts';
import { schemaPath } from '../../workbench/new/schema-path.ts';
import { sampleOf } from '../../workbench/samples/redact/redact-request.ts';
import { sampleFileText } from '../../workbench/samples/write-sample.ts';
import type { CreateAnswer, CreateBody } from '../api.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { pathsOfKeys } from './samples.ts';

export function create(workspace: Workspace, body: CreateBody): Answer<CreateAnswer> {
  const { name, actionFlow } = body;
  const place = placeOfNew(workspace, name);
  if (place === null) return refused(400, `"${name}" is no name: lower-case letters, digits and dashes`);
  if (findConnector(workspace, name) !== null) return refused(409, `there is a connector "${name}" already`);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(actionFlow)) {
    return refused(400, `"${actionFlow}" is no flow id: letters, digits, "-" and "_" only`);
  }
  const proof = proofOf(body);
  if (proof === null) return refused(400, 'say who sends the events: a provider, a header, or a secret URL');
  const preset = proof.kind === 'preset' ? (PRESETS.get(proof.name) ?? null) : null;
  const found = givenOf(body, preset?.name);
  if (!found.ok) return found;
  const { samples: given, recipient } = found.value;
  const proposals = withRecipient(propose(given, preset, providerSays(preset, given)), recipient);
  const [best] = proposals.targets;
  const choices: Choices = {
    id: name,
    description: body.description || null,
    owner: body.owner || null,
    actionFlow,
    status: 'test',
    proof,
    isForm: given.some(isFormSample),
    split: proposals.split,
    when: proposals.when,
    testWhen: proposals.testWhen,
    target: best ?? { path: '$.user.id', score: 0, reason: CHOSEN },
    otherTargets: proposals.targets.slice(1),
    variables: proposals.variables,
    idempotency: preset?.idempotency === undefined ? (proposals.idempotency[0]?.path ?? 'body') : null,
  };
  const { samples, keys } = redactSamples(given, choices, body.event === undefined ? [] : null);
  const texts: Record<string, string> = {
    [place.fileName]: connectorText(
      choices,
      samples.map((one) => one.name),
      `../${schemaPath(workspace.cwd, place.home)}/connector.schema.json`,
      // The page itself says that there is no sample, and would leave the remark behind when there is one.
    ).replace(/^# No sample yet.*\n# samples:.*\n/m, ''),
  };
  for (const { name: file, body: value, headers } of samples) {
    const text = sampleFileText(sampleOf(value, Object.fromEntries(headers.entries()) as JsonObject));
    if (text !== null) texts[`samples/${file}`] = text;
  }
  return answered({ texts, keys: pathsOfKeys(keys) });
}

/** The values of the samples of an event are made up: nobody is asked about them. */
function givenOf({ sample, event }: CreateBody, preset: string | undefined): Answer<EventSamples> {
  if (event !== undefined) {
    if (sample !== undefined)
      return refused(400, 'an event brings samples of its own: leave out one of both');
    const found = preset === undefined ? null : samplesOfEvent(preset, event);
    return found === null ? refused(400, `there are no samples of "${event}"`) : answered(found);
  }
  const parsed = sample === undefined ? null : parseJsonBody(Buffer.from(sample), 72);
  if (parsed?.ok === false) return refused(400, parsed.detail.replace('the body', 'the sample'));
  return answered({
    samples: parsed === null ? [] : [readSample('first.json', parsed.value)],
    recipient: null,
  });
}

function proofOf({ preset, header, urlKey }: CreateBody): Proof | null {
  if (preset !== undefined) return PRESETS.has(preset) ? { kind: 'preset', name: preset } : null;
  if (header !== undefined)
    return /^[a-z0-9][a-z0-9-]{0,99}$/.test(header) ? { kind: 'header', header } : null;
  return urlKey === true ? { kind: 'url-key' } : null;
}
