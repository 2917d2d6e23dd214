/** Decides what proves where a request comes from: a flag, the sample's own signature header, or an answer. */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { Proof } from '../../workbench/new/choices.ts';
import { recognisePresets } from '../../workbench/new/propose.ts';
import type { Prompts } from '../prompts.ts';
import { GAVE_UP, misuse, type NewOptions, type Stop } from './options.ts';

const HEADER = /^[a-z0-9][a-z0-9-]{0,99}$/;
/** Answers that are no preset. */
const OTHER = { header: ':header', urlKey: ':url-key' };

/** null: nothing says it, and nobody is there to be asked. */
export async function chooseProof(
  prompts: Prompts | undefined,
  { preset, signatureHeader, urlKey }: NewOptions,
  samples: readonly EvaluationSample[],
): Promise<Proof | Stop | null> {
  const given = [preset, signatureHeader, urlKey].filter((one) => one !== undefined);
  if (given.length > 1) return misuse('of --preset, --signature-header and --url-key only one can be');
  if (urlKey) return { kind: 'url-key' };
  if (signatureHeader !== undefined) {
    const header = signatureHeader.toLowerCase();
    return HEADER.test(header) ? { kind: 'header', header } : misuse(`${quote(header)} is no header name`);
  }
  if (preset !== undefined) {
    if (PRESETS.has(preset)) return { kind: 'preset', name: preset };
    const hint = didYouMean(preset, PRESETS.keys()) || '; `sluice presets` lists them';
    return misuse(`${quote(preset)} is not a preset${hint}`);
  }
  const recognised = recognisePresets(samples);
  if (prompts === undefined) {
    const [only] = recognised;
    return only !== undefined && recognised.length === 1 ? { kind: 'preset', name: only.name } : null;
  }
  return askProof(
    prompts,
    recognised.map(({ name }) => name),
  );
}

async function askProof(prompts: Prompts, recognised: readonly string[]): Promise<Proof | Stop> {
  const others = [...PRESETS.keys()].filter((name) => !recognised.includes(name));
  const choices = [
    ...recognised.map((name) => ({ ...describe(name), hint: 'the sample has its signature' })),
    { value: OTHER.header, label: 'Another sender that signs the body (HMAC-SHA-256)' },
    { value: OTHER.urlKey, label: 'A sender that cannot sign: a secret URL' },
    ...others.map(describe),
  ];
  const answer = await prompts.select({ message: 'Who sends the events?', choices });
  if (answer === null) return GAVE_UP;
  if (answer === OTHER.urlKey) return { kind: 'url-key' };
  if (answer !== OTHER.header) return { kind: 'preset', name: answer };
  const check = (name: string): string | null =>
    HEADER.test(name.toLowerCase()) ? null : 'letters, digits and dashes only';
  const header = await prompts.text({ message: 'Which header carries the signature?', check });
  return header === null ? GAVE_UP : { kind: 'header', header: header.toLowerCase() };
}

function describe(name: string): { value: string; label: string } {
  return { value: name, label: PRESETS.get(name)?.title ?? name };
}
