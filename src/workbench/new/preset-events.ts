/**
 * The events of a preset of which there are samples, and the samples of one. In: names. Out: what was read, for the command
 * line and the studio alike. Read when asked for; nothing is written.
 */
import { type ProviderEvent, readEvents } from '../../providers/read-provider.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { type EvaluationSample, readSample } from '../../stages/sample.ts';

export interface PresetEvent extends Pick<ProviderEvent, 'event' | 'title' | 'evidence'> {
  /** How many samples there are. */
  readonly samples: number;
}

export interface EventSamples {
  /** Each sample's name is the file that it gets under samples/. Their values are made up: nothing is to be replaced. */
  readonly samples: readonly EvaluationSample[];
  /** Where the one whom the event is about is, if it names anybody. */
  readonly recipient: string | null;
}

/** In the order of their names; none where nothing is known of the preset's payloads. */
export function eventsOfPreset(preset: string): readonly PresetEvent[] {
  return readEvents(preset).map(({ event, title, evidence, samples }) => ({
    event,
    title,
    evidence,
    samples: samples.length,
  }));
}

/** null: the preset has no samples of such an event. */
export function samplesOfEvent(preset: string, event: string): EventSamples | null {
  const found = readEvents(preset).find((one) => one.event === event);
  if (found === undefined) return null;
  const name = event.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const samples = found.samples.map(({ headers, body }, index) => {
    const request = headers === undefined ? body : ({ headers, body } as JsonValue);
    return readSample(`${name}-${index + 1}.json`, request);
  });
  return { samples, recipient: found.recipient ?? null };
}
