/** The text of a new connector file: choices in, YAML out, with a comment for each thing that was proposed. */

import type { IdempotencyPlan } from '../../stages/plans.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { type Choices, secretNames } from './choices.ts';
import { describePreset } from './describe-preset.ts';
import type { ConditionProposal } from './propose-event.ts';
import { blockText, comment, flowText, sentenceText } from './yaml-text.ts';

/** Proposals that are named as alternatives. */
const MAX_ALTERNATIVES = 3;

/** `sampleNames` are files under samples/; `schema` is what the editor's comment points to. */
export function connectorText(choices: Choices, sampleNames: readonly string[], schema: string): string {
  const { id, description, owner, actionFlow, status, split } = choices;
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    'apiVersion: sluice/v1',
    `id: ${flowText(id)}`,
    ...(description === null ? [] : [`description: ${sentenceText(description)}`]),
    ...(owner === null ? [] : [`owner: ${sentenceText(owner)}`]),
    `actionFlow: ${flowText(actionFlow)}`,
    `status: ${status}${status === 'test' ? ' # live, when its test cards look right' : ''}`,
    ...bodyLine(choices),
    ...samplesLines(sampleNames, split),
    ...(split === null
      ? []
      : [
          comment('Each element of this list is one event: below, `$` is the element.'),
          `split: ${blockText(split)}`,
        ]),
    ...whenLines(choices),
    ...mappingLines(choices, sampleNames.length === 1),
    ...idempotencyLines(choices),
    ...securityLines(choices),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the preset, or else the samples' content type, says that bodies are. */
export function bodyLine({ proof, isForm }: Pick<Choices, 'proof' | 'isForm'>): readonly string[] {
  const known = proof.kind === 'preset' ? PRESETS.get(proof.name)?.body : undefined;
  const body = known ?? (isForm ? 'form' : 'json');
  return body === 'json' ? [] : [`body: ${body}`];
}

function samplesLines(names: readonly string[], split: string | null): readonly string[] {
  if (names.length === 0) {
    return [
      comment(
        'No sample yet: until there is one, every request is held. Get one with sluice capture, then list it:',
      ),
      comment('samples: [samples/first.json]'),
    ];
  }
  const hint = 'One sample teaches nothing about optional fields: add a second of the same event.';
  return [
    ...(names.length === 1 && split === null ? [comment(hint)] : []),
    'samples:',
    ...names.map((name) => `  - samples/${name}`),
  ];
}

function whenLines({ when, testWhen }: Choices): readonly string[] {
  return [
    ...(when.length === 0 ? [] : ['when:']),
    ...when.flatMap((condition) => [
      `  ${comment(`${condition.path ?? condition.header} ${condition.reason}`)}`,
      `  - ${conditionText(condition)}`,
    ]),
    ...(testWhen === null
      ? []
      : [comment(`${testWhen.path} ${testWhen.reason}`), `testWhen: ${conditionText(testWhen)}`]),
  ];
}

function conditionText({ path, header, values }: ConditionProposal): string {
  const place = path === undefined ? `header: ${flowText(header ?? '')}` : `path: ${flowText(path)}`;
  const [first = null] = values;
  const wanted =
    values.length === 1 ? `equals: ${flowText(first)}` : `in: [${values.map(flowText).join(', ')}]`;
  return `{ ${place}, ${wanted} }`;
}

function mappingLines({ target, otherTargets, variables }: Choices, isOneSample: boolean): readonly string[] {
  const others = otherTargets.slice(0, MAX_ALTERNATIVES);
  return [
    'mapping:',
    `  ${comment(`Who gets the card: ${target.reason}. They must be ids of users that the flow knows.`)}`,
    ...(others.length === 0 ? [] : [`  ${comment('Other candidates, best first:')}`]),
    ...others.map(({ path, reason }) => `  ${comment(`  ${path} (${reason})`)}`),
    ...(target.mayBeNobody
      ? [`  ${comment('An event that has nobody here is ignored; what looks renamed is held.')}`]
      : []),
    `  targetUserIds: ${targetText(target)}`,
    ...(variables.length === 0 ? [] : ['  variables:']),
    ...variables.flatMap((variable) => {
      // One sample cannot tell whether every event has it, and a request without it would be held.
      const isSpared = isOneSample && !MONEY.test(variable.reason);
      const mayMiss = variable.optional || variable.byProvider === true || isSpared;
      const hint = variable.optional
        ? '; not in every sample'
        : variable.byProvider
          ? '; the provider says that it may be missing'
          : mayMiss
            ? '; it may be missing'
            : '';
      return [
        `    ${comment(`${variable.reason}${hint}`)}`,
        `    ${flowText(variable.name)}: ${variableText(variable.path, mayMiss)}`,
      ];
    }),
  ];
}

function targetText({ path, mayBeNobody }: Choices['target']): string {
  return mayBeNobody ? `{ path: ${flowText(path)}, whenMissing: ignore }` : blockText(path);
}

function variableText(path: string, mayMiss: boolean): string {
  return mayMiss ? `{ path: ${flowText(path)}, default: "" }` : blockText(path);
}

/** A card without its amount is wrong, one without a text only shorter. */
const MONEY = /amount|currency/;

function idempotencyLines({ idempotency, proof }: Choices): readonly string[] {
  if (idempotency === null) {
    const preset = proof.kind === 'preset' ? PRESETS.get(proof.name) : undefined;
    const what = preset?.idempotency === undefined ? 'nothing' : describeId(preset.idempotency);
    return [comment(`What identifies an event comes with the preset: ${what}.`)];
  }
  if (idempotency === 'body') {
    return [
      comment(
        'No id of the event was recognised, so the body identifies it: events that are equal make one card.',
      ),
      'idempotency: body',
    ];
  }
  return [
    comment("The event's id: a request that is sent again makes no second card."),
    `idempotency: { path: ${flowText(idempotency)} }`,
  ];
}

function describeId(plan: IdempotencyPlan): string {
  if (plan.kind === 'path') return plan.path;
  return plan.kind === 'header' ? `the header ${plan.header}` : 'the body';
}

export function securityLines({ proof, id }: Pick<Choices, 'proof' | 'id'>): readonly string[] {
  const { shared, verify } = secretNames(proof, id);
  switch (proof.kind) {
    case 'url-key':
      return [
        'security:',
        `  ${comment('The secret URL proves the sender, and nothing about the body. sluice url prints it.')}`,
        '  urlKey: true',
      ];
    case 'header':
      return [
        'security:',
        '  signature:',
        `    ${comment("The most common scheme; compare it with the sender's documentation: HMAC of the body, hex digits.")}`,
        '    algorithm: sha256',
        '    digest: hex',
        `    sharedSecret: { env: ${shared} }`,
        `    signature: { header: ${flowText(proof.header)} }`,
        '    template: "[payload]"',
      ];
    case 'preset': {
      const preset = PRESETS.get(proof.name);
      return [
        'security:',
        '  signature:',
        ...(preset === undefined ? [] : [`    ${comment(describePreset(preset).checks)}`]),
        `    preset: ${proof.name}`,
        ...(shared === null ? [] : [`    sharedSecret: { env: ${shared} }`]),
        ...(verify === null ? [] : [`    verifyToken: { env: ${verify} }`]),
      ];
    }
  }
}
