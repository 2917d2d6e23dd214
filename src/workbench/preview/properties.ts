/**
 * The properties of a connector's samples that a mapping can use: the seed of `sluice properties`. In: a compiled
 * connector. Out: paths to paste, with type, example and whether they may be missing.
 */

import type { CompiledConnector } from '../../compiler/compile.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { listProperties, type Property } from '../../stages/shape/properties.ts';

/** In the order of the samples; with `split`, of an element. Also for a connector with errors, as long as a sample can be read. */
export function listConnectorProperties(connector: CompiledConnector): readonly Property[] {
  const payloads = connector.samples.flatMap((sample) => sample.payloads);
  const maps = connector.spec?.shape?.maps ?? [];
  return listProperties(
    payloads,
    maps.filter((path) => parsePath(path).ok),
  );
}
