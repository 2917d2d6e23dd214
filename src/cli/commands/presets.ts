import { didYouMean } from '../../diagnostics/suggest.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { URL_PRESETS, type UrlPreset } from '../../stages/signature/url-presets.ts';
import {
  describePreset,
  describeUrlPreset,
  type PresetDescription,
} from '../../workbench/new/describe-preset.ts';
import { eventsOfPreset, type PresetEvent } from '../../workbench/new/preset-events.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { findUnsignedSender } from '../unsigned-senders.ts';

type Known =
  | { readonly kind: 'signed'; readonly preset: SignaturePreset; readonly description: PresetDescription }
  | { readonly kind: 'url'; readonly preset: UrlPreset; readonly description: PresetDescription };

/**
 * `sluice presets [name]`: the senders that are known, one line each; of a name all that is known of it: what is checked and
 * left open, its challenges, where its secret is, its events. What is no name lists those that have it in their name or title.
 */
export function presets(context: Context, name: string | undefined, options: { json?: boolean }): ExitCode {
  const all = knownSenders();
  const exact = all.filter(({ preset }) => preset.name === name);
  if (name !== undefined && exact.length > 0) {
    const [one] = exact as [Known];
    const events = eventsOfPreset(one.preset.name);
    if (options.json) printJson(context, { ...forMachines(one), events });
    else print(context, [forPeople(one), ...eventLines(one, events)].join('\n'));
    return EXIT.clean;
  }
  const words = name?.toLowerCase() ?? '';
  const chosen = all.filter(({ preset }) => `${preset.name} ${preset.title}`.toLowerCase().includes(words));
  if (name !== undefined && chosen.length === 0) {
    const unsigned = findUnsignedSender(name);
    if (unsigned !== null) {
      const fact = `there is no preset "${name}": ${unsigned.title} has no signature scheme of its own.`;
      printError(context, `${fact} ${unsigned.advice} See docs/signatures.md, "Senders that sign nothing".`);
      return EXIT.usage;
    }
    const names = all.map(({ preset }) => preset.name);
    const hint = didYouMean(name, names) || '; `sluice presets` lists them';
    printError(context, `"${name}" is not a preset${hint}`);
    return EXIT.usage;
  }
  if (options.json) {
    printJson(context, chosen.map(forMachines));
    return EXIT.clean;
  }
  const width = Math.max(...chosen.map(({ preset }) => preset.name.length));
  const lines = chosen.map(({ preset }) => `${preset.name.padEnd(width)}  ${preset.title}`);
  print(context, [...lines, '', '`sluice presets <name>` says all that is known of one.'].join('\n'));
  return EXIT.clean;
}

function knownSenders(): readonly Known[] {
  const signed = [...PRESETS.values()].map(
    (preset): Known => ({ kind: 'signed', preset, description: describePreset(preset) }),
  );
  const others = [...URL_PRESETS.values()].map(
    (preset): Known => ({ kind: 'url', preset, description: describeUrlPreset(preset) }),
  );
  return [...signed, ...others].sort((left, right) => (left.preset.name < right.preset.name ? -1 : 1));
}

function forMachines({ kind, preset, description }: Known): object {
  const { name, title, docs, limits = {}, notes, evidence, body = 'json' } = preset;
  const { checks, open, handshakes } = description;
  const isSigned = kind === 'signed';
  return {
    name,
    title,
    docs,
    checks,
    open,
    weak: isSigned ? (preset.weak ?? null) : null,
    handshakes,
    body,
    secretScope: isSigned ? preset.secretScope : 'endpoint',
    secret: isSigned ? preset.secret : null,
    idempotency: preset.idempotency ?? null,
    limits,
    acknowledge: (isSigned ? preset.signature.acknowledge : preset.acknowledge) ?? null,
    evidence,
    notes,
  };
}

function forPeople({ kind, preset, description }: Known): string {
  const { checks, open, handshakes, limits } = description;
  const isSigned = kind === 'signed';
  const lines: (readonly [label: string, text: string])[] = [
    ['checks', checks],
    ['not', open.join('; ')],
    ...(isSigned && preset.weak !== undefined ? [['weak', preset.weak] as const] : []),
    ...(isSigned ? [['secret', secretText(preset)] as const] : []),
    ...(preset.body === undefined || preset.body === 'json' ? [] : [['body', preset.body] as const]),
    ...handshakes.map((handshake) => ['challenge', handshake] as const),
    ...limits.map((limit) => ['sender', limit] as const),
    ...preset.notes.map((note) => ['note', note] as const),
    ['docs', preset.docs],
    ['evidence', preset.evidence],
  ];
  return [
    `${preset.name}  ${preset.title}`,
    ...lines.map(([label, text]) => `  ${label.padEnd(10)}${text}`),
  ].join('\n');
}

function eventLines({ preset }: Known, events: readonly PresetEvent[]): readonly string[] {
  const width = Math.max(...events.map(({ event }) => event.length));
  return events.length === 0
    ? []
    : [
        '  events, of which samples come with Sluice:',
        ...events.map(({ event, title }) => `    ${event.padEnd(width)}  ${title}`),
        `  \`sluice new <id> --preset ${preset.name} --event <name>\` begins a connector from one.`,
      ];
}

function secretText({ secret: { where, looks } }: SignaturePreset): string {
  return looks === undefined ? where : `${where} (${looks})`;
}
