/**
 * Samples that come with Sluice: what `--event` says, or who is there answers. In: the options. Out: them, a sentence about what
 * is wrong, or null.
 */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { type EventSamples, eventsOfPreset, samplesOfEvent } from '../../workbench/new/preset-events.ts';
import type { Prompts } from '../prompts.ts';
import { misuse, type NewOptions, type Stop } from './options.ts';

/** null: no event was named. */
export function chooseEvent(options: NewOptions): EventSamples | Stop | null {
  const { event, preset, sample, capture, keep } = options;
  if (event === undefined) return null;
  if (preset === undefined)
    return misuse('--event is an event of a preset: name that too, by --preset <name>');
  if (sample.length > 0 || capture !== undefined)
    return misuse('--event brings samples of its own; leave out --sample and --capture, or --event');
  if (options.raw || keep !== undefined)
    return misuse('the values of the samples of --event are made up; leave out --raw and --keep');
  const found = samplesOfEvent(preset, event);
  if (found !== null) return found;
  const events = eventsOfPreset(preset).map((one) => one.event);
  if (events.length === 0)
    return misuse(
      `there are no samples of events of ${quote(preset)}; leave out --event, and give one by --sample`,
    );
  const hint = didYouMean(event, events) || `; \`sluice presets ${preset}\` lists them`;
  return misuse(`${quote(event)} is not an event of ${quote(preset)} of which there are samples${hint}`);
}

/** Asks which event of which provider. null: the person gave up. */
export async function askForEvent(prompts: Prompts, options: NewOptions): Promise<NewOptions | null> {
  const preset = options.preset ?? (await askProvider(prompts));
  if (preset === null) return null;
  const choices = eventsOfPreset(preset).map(({ event, title }) => ({
    value: event,
    label: event,
    hint: title,
  }));
  // What is no preset, or has no events, is said as if it had been a flag.
  if (choices.length === 0) return { ...options, preset, event: '' };
  const event = await prompts.select({ message: 'Which event?', choices });
  return event === null ? null : { ...options, preset, event };
}

function askProvider(prompts: Prompts): Promise<string | null> {
  const choices = [...PRESETS.values()]
    .filter(({ name }) => eventsOfPreset(name).length > 0)
    .map(({ name, title }) => ({ value: name, label: title }));
  return prompts.select({ message: 'Of which provider?', choices });
}
