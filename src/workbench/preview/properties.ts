/**
 * The properties of a connector's samples that a mapping can use: the seed of `sluice properties`. In: a compiled
 * connector. Out: paths to paste, with type, example and whether they may be missing.
 */

import type { CompiledConnector } from '../../compiler/compile.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { listProperties, type Property } from '../../stages/shape/properties.ts';
import { contextOf } from './preview.ts';
import { previewSteps, type StepsPreview } from './preview-steps.ts';

export interface MappedProperty extends Property {
  /** What the mapping makes of it in the first sample, where it takes steps. */
  readonly mapped?: readonly StepsPreview[];
}

/** In the order of the samples; with `split`, of an element. Also for a connector with errors, as long as a sample can be read. */
export function listConnectorProperties(connector: CompiledConnector): readonly MappedProperty[] {
  const payloads = connector.samples.flatMap((sample) => sample.payloads);
  const maps = connector.spec?.shape?.maps ?? [];
  const properties = listProperties(
    payloads,
    maps.filter((path) => parsePath(path).ok),
  );
  const [sample] = connector.samples;
  const [payload] = sample?.payloads ?? [];
  const { spec } = connector;
  const all =
    sample === undefined || payload === undefined
      ? []
      : previewSteps(spec?.mapping, payload, sample, contextOf(spec));
  return properties.map((property) => {
    const mapped = all.filter(({ paths }) => paths.includes(property.path));
    return mapped.length === 0 ? property : { ...property, mapped };
  });
}
