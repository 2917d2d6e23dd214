import { didYouMean } from '../../diagnostics/suggest.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { describePreset, type PresetDescription } from '../../workbench/new/describe-preset.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { findUnsignedSender } from '../unsigned-senders.ts';

/** `sluice presets [name]`: the providers whose scheme is known, what each proves and leaves open, and its challenges. */
export function presets(context: Context, name: string | undefined, options: { json?: boolean }): ExitCode {
  const chosen =
    name === undefined ? [...PRESETS.values()] : [...PRESETS.values()].filter((one) => one.name === name);
  if (name !== undefined && chosen.length === 0) {
    const unsigned = findUnsignedSender(name);
    if (unsigned !== null) {
      const fact = `there is no preset "${name}": ${unsigned.title} has no signature scheme of its own.`;
      printError(context, `${fact} ${unsigned.advice} See docs/signatures.md, "Senders that sign nothing".`);
      return EXIT.usage;
    }
    const hint = didYouMean(name, PRESETS.keys()) || '; `sluice presets` lists them';
    printError(context, `"${name}" is not a preset${hint}`);
    return EXIT.usage;
  }
  const described = chosen.map((preset) => ({ preset, description: describePreset(preset) }));
  if (options.json) {
    const listed = described.map((one) => forMachines(one.preset, one.description));
    printJson(context, name === undefined ? listed : listed[0]);
    return EXIT.clean;
  }
  print(
    context,
    described.map((one) => forPeople(one.preset, one.description, name !== undefined)).join('\n\n'),
  );
  return EXIT.clean;
}

function forMachines(preset: SignaturePreset, { checks, open, handshakes }: PresetDescription): object {
  const { name, title, docs, secretScope, signature, limits = {}, weak = null, notes } = preset;
  return {
    name,
    title,
    docs,
    checks,
    open,
    weak,
    handshakes,
    secretScope,
    idempotency: preset.idempotency ?? null,
    limits,
    acknowledge: signature.acknowledge ?? null,
    notes,
  };
}

function forPeople(preset: SignaturePreset, description: PresetDescription, isWhole: boolean): string {
  const { checks, open, handshakes, limits } = description;
  const lines: (readonly [label: string, text: string])[] = [
    ['checks', checks],
    ['not', open.join('; ')],
    ...(preset.weak === undefined ? [] : [['weak', preset.weak] as const]),
    ...handshakes.map((handshake) => ['challenge', handshake] as const),
    ...(isWhole ? limits.map((limit) => ['sender', limit] as const) : []),
    ...(isWhole ? preset.notes.map((note) => ['note', note] as const) : []),
    ['docs', preset.docs],
  ];
  return [
    `${preset.name}  ${preset.title}`,
    ...lines.map(([label, text]) => `  ${label.padEnd(10)}${text}`),
  ].join('\n');
}
