/** What `--event` says: samples that come with Sluice. In: the options. Out: them, a sentence about what is wrong, or null. */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type EventSamples, eventsOfPreset, samplesOfEvent } from '../../workbench/new/preset-events.ts';
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
