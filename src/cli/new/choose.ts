/**
 * Decides what a new connector will say: by flags, then by answers where a person is there, then by the proposals. Where
 * none of them says it, the flags that are missing are named.
 */
import { quote } from '../../diagnostics/printable.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { CHOSEN, type Choices, isFormSample, type Proof, variableOf } from '../../workbench/new/choices.ts';
import { type Proposals, propose, withRecipient } from '../../workbench/new/propose.ts';
import type { ConditionProposal } from '../../workbench/new/propose-event.ts';
import { type Proposal, SURE } from '../../workbench/new/propose-targets.ts';
import { providerSays } from '../../workbench/new/provider-says.ts';
import type { Prompts } from '../prompts.ts';
import { ask, askTarget, askVariables, askWhen } from './ask.ts';
import { chooseProof } from './choose-proof.ts';
import { GAVE_UP, misuse, type NewOptions, type Stop } from './options.ts';
import { checkPath, conditionOf, variableFlag } from './read-flags.ts';

export const ACTION_FLOW = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * `recipient`: where the samples are known to name the one whom the event is about. `message` of a Stop says what is wrong;
 * otherwise everything is decided.
 */
export async function choose(
  prompts: Prompts | undefined,
  id: string,
  options: NewOptions,
  samples: readonly EvaluationSample[],
  recipient: string | null,
): Promise<Choices | Stop> {
  const missing: string[] = [];
  const proof = await chooseProof(prompts, options, samples);
  if (proof !== null && 'message' in proof) return proof;
  if (proof === null) missing.push('--preset <name>, --signature-header <name> or --url-key');
  const preset = proof?.kind === 'preset' ? (PRESETS.get(proof.name) ?? null) : null;
  const proposals = withRecipient(propose(samples, preset, providerSays(preset, samples)), recipient);
  const hasSamples = samples.length > 0;

  const actionFlow = options.actionFlow ?? (await askActionFlow(prompts));
  if (actionFlow === null) return GAVE_UP;
  if (actionFlow === undefined) missing.push('--action-flow <id>');
  else if (!ACTION_FLOW.test(actionFlow))
    return misuse(`${quote(actionFlow)} is no flow id: letters, digits, "-" and "_" only`);

  const target = await chooseTarget(prompts, options.target, proposals, hasSamples);
  if (target !== null && 'message' in target) return target;
  if (target === null) missing.push(`--target <path>${hintTargets(proposals, hasSamples)}`);
  if (proof === null || actionFlow === undefined || target === null)
    return misuse(`nobody is there to be asked, so say it by flags: ${missing.join('; ')}`);

  const when = await chooseWhen(prompts, options.when, proposals);
  if ('message' in when) return when;
  const variables = await chooseVariables(prompts, options.variable, proposals, hasSamples);
  if ('message' in variables) return variables;
  const idempotency = chooseIdempotency(options.idempotency, proposals, proof, hasSamples);
  if (typeof idempotency === 'object' && idempotency !== null) return idempotency;
  const owner = options.owner ?? (await ask(prompts, 'Which team answers for it? (may stay empty)', ''));
  const description =
    owner === null
      ? null
      : (options.description ?? (await ask(prompts, 'What is it for, in a sentence? (may stay empty)', '')));
  if (owner === null || description === null) return GAVE_UP;
  return {
    id,
    owner: owner || null,
    description: description || null,
    actionFlow,
    status: options.status,
    proof,
    isForm: samples.some(isFormSample),
    split: proposals.split,
    when,
    testWhen: proposals.testWhen,
    target,
    otherTargets: proposals.targets.filter(({ path }) => path !== target.path),
    variables,
    idempotency,
  };
}

/** undefined: nobody to ask. */
async function askActionFlow(prompts: Prompts | undefined): Promise<string | null | undefined> {
  if (prompts === undefined) return undefined;
  const check = (answer: string): string | null =>
    ACTION_FLOW.test(answer) ? null : 'letters, digits, "-" and "_" only';
  return prompts.text({ message: 'Which Action Flow does it start? (its configuration id)', check });
}

async function chooseTarget(
  prompts: Prompts | undefined,
  given: string | undefined,
  proposals: Proposals,
  hasSamples: boolean,
): Promise<Proposal | Stop | null> {
  const check = (path: string): string | null => checkPath(path, proposals, hasSamples);
  const path = given ?? (prompts === undefined ? undefined : await askTarget(prompts, proposals, check));
  if (path === null) return GAVE_UP;
  if (path === undefined) {
    const [best] = proposals.targets;
    return best !== undefined && best.score >= SURE ? best : null;
  }
  const problem = check(path);
  if (problem !== null) return misuse(`--target: ${problem}`);
  const nobody = proposals.mayBeMissing(path) && { mayBeNobody: true as const };
  return (
    proposals.targets.find((one) => one.path === path) ?? { path, score: SURE, reason: CHOSEN, ...nobody }
  );
}

function hintTargets({ targets }: Proposals, hasSamples: boolean): string {
  if (!hasSamples) return ' (or --sample <file>, so that one can be proposed)';
  const named = targets.map(({ path, reason }) => `${path} (${reason})`);
  return named.length === 0 ? '' : ` (perhaps ${named.slice(0, 3).join(', ')})`;
}

async function chooseWhen(
  prompts: Prompts | undefined,
  given: readonly string[],
  { when }: Proposals,
): Promise<readonly ConditionProposal[] | Stop> {
  if (given.length === 0) {
    if (prompts === undefined || when.length === 0) return when;
    return (await askWhen(prompts, when)) ?? GAVE_UP;
  }
  const read = given.map(conditionOf);
  const wrong = read.find((one) => typeof one === 'string');
  return wrong === undefined ? (read as ConditionProposal[]) : misuse(`--when: ${wrong}`);
}

async function chooseVariables(
  prompts: Prompts | undefined,
  given: readonly string[],
  proposals: Proposals,
  hasSamples: boolean,
): Promise<Choices['variables'] | Stop> {
  if (given.length === 0) {
    if (prompts === undefined || proposals.variables.length === 0) return proposals.variables;
    return (await askVariables(prompts, proposals.variables)) ?? GAVE_UP;
  }
  const read = given.map(variableFlag);
  for (const one of read) {
    const problem = typeof one === 'string' ? one : checkPath(one.path, proposals, hasSamples);
    if (problem !== null) return misuse(`--variable: ${problem}`);
  }
  return read.flatMap((one) => (typeof one === 'string' ? [] : [variableOf(one.name, one.path, proposals)]));
}

/** null: what the preset says. */
function chooseIdempotency(
  given: string | undefined,
  proposals: Proposals,
  proof: Proof,
  hasSamples: boolean,
): string | Stop | null {
  if (given !== undefined && given !== 'body') {
    const parsed = parsePath(given);
    if (!parsed.ok) return misuse(`--idempotency: ${parsed.message}; or say body`);
  }
  if (given !== undefined) return given;
  const known = proof.kind === 'preset' ? PRESETS.get(proof.name)?.idempotency : undefined;
  const isThere = known?.kind !== 'path' || !hasSamples || proposals.paths.includes(known.path);
  if (known !== undefined && isThere) return null;
  return proposals.idempotency[0]?.path ?? 'body';
}
