/**
 * Checks one connector. In: a draft. Out: every problem of its files, sorted, each once. The list of rules is the
 * checker's table of contents.
 */
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts';
import { assemblePlan } from './assemble.ts';
import type { ConnectorDraft } from './draft.ts';
import { maskSecrets } from './mask-secrets.ts';
import { checkCases } from './rules/cases.ts';
import { checkConditions } from './rules/conditions.ts';
import { checkConstantId } from './rules/constant-id.ts';
import { checkDefaults } from './rules/defaults.ts';
import { checkDummyTimes } from './rules/dummy-times.ts';
import { checkEventsOf } from './rules/events-of.ts';
import { checkIdentity } from './rules/identity.ts';
import { checkLiterals } from './rules/literals.ts';
import { checkMapping } from './rules/mapping.ts';
import { checkNumbers } from './rules/numbers.ts';
import { checkPaths } from './rules/paths.ts';
import { checkPreview } from './rules/preview.ts';
import { checkProviderMissing } from './rules/provider-missing.ts';
import { checkRecipients } from './rules/recipient-of-several.ts';
import { checkSameEvent } from './rules/same-event.ts';
import { checkSamples } from './rules/samples.ts';
import { checkSchema } from './rules/schema.ts';
import { checkSecretLiterals } from './rules/secret-literals.ts';
import { checkAddresses, checkIdempotency, checkSignature } from './rules/security.ts';
import { checkShape } from './rules/shape.ts';
import { checkSilence } from './rules/silence.ts';
import { checkSingleSample } from './rules/single-sample.ts';
import { checkSplit } from './rules/split.ts';
import { checkWork } from './rules/work.ts';

/** Reports problems, and may add to the draft's parts what later rules build on. */
export type Rule = (draft: ConnectorDraft) => void | Promise<void>;

/** The order is that of dependence: each rule reads only what earlier ones added. The output is sorted by place anyway. */
export const RULES: readonly Rule[] = Object.freeze([
  checkSchema,
  checkIdentity,
  checkEventsOf,
  checkSplit,
  checkSamples,
  checkWork,
  checkConditions,
  checkMapping,
  checkAddresses,
  checkSignature,
  checkIdempotency,
  checkConstantId,
  checkPaths,
  checkLiterals,
  checkNumbers,
  checkDefaults,
  checkDummyTimes,
  checkRecipients,
  checkShape,
  checkSingleSample,
  checkProviderMissing,
  checkSameEvent,
  checkCases,
  checkSecretLiterals,
  assemblePlan,
  checkPreview,
  checkSilence,
]);

/** Rules that evaluate paths: left out where those would look at too much. */
const EVALUATING: readonly Rule[] = [
  checkConditions,
  checkMapping,
  checkPaths,
  checkShape,
  checkProviderMissing,
  checkPreview,
];

export async function checkConnector(draft: ConnectorDraft): Promise<readonly Diagnostic[]> {
  for (const rule of RULES) {
    const isTooCostly = draft.diagnostics.some(({ code }) => code === 'paths-too-costly');
    if (!isTooCostly || !EVALUATING.includes(rule)) await rule(draft);
  }
  return sortDiagnostics(maskSecrets(draft.diagnostics, draft.files.sources()));
}
