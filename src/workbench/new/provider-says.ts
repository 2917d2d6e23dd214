/**
 * What the provider of a preset says of the events that samples show. In: the preset and the samples. Out: whether a path
 * into the body may be missing or null in one of them; never, where the provider says nothing. Reads the preset's table.
 */
import { eventsOf, mayBeMissing } from '../../providers/missing-table.ts';
import { readMissingTable } from '../../providers/read-provider.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';

export type ProviderSays = (bodyPath: string) => boolean;

export function providerSays(
  preset: SignaturePreset | null,
  samples: readonly EvaluationSample[],
): ProviderSays {
  const table = preset === null || samples.length === 0 ? null : readMissingTable(preset.name);
  if (table === null) return () => false;
  const events = samples.flatMap(({ body, headers }) =>
    eventsOf(table, { body, header: (name) => headers.all(name) }),
  );
  return (path) => events.some((event) => mayBeMissing(table, event, path) !== null);
}
