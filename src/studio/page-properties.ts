/** The mappable properties as rows of a tree, with the value that each sample has. */
import type { CompiledConnector } from '../compiler/compile.ts';
import { parsePath } from '../stages/json/json-path.ts';
import { listProperties } from '../stages/shape/properties.ts';
import { listConnectorProperties } from '../workbench/preview/properties.ts';
import type { PageProperty } from './api.ts';
import { escapeText } from './escape-text.ts';

/** Rows: a payload may have any number of members, and nobody reads more. */
const MAX_LISTED = 1500;

export function pageProperties(connector: CompiledConnector): {
  readonly properties: readonly PageProperty[];
  readonly moreProperties: number;
} {
  const listed = listConnectorProperties(connector);
  const shown = listed.slice(0, MAX_LISTED);
  const maps = (connector.spec?.shape?.maps ?? []).filter((path) => parsePath(path).ok);
  const ofSamples = connector.samples.map(
    ({ payloads }) => new Map(listProperties(payloads, maps).map(({ path, example }) => [path, example])),
  );
  const used = new Set(connector.plan?.shape?.reads.flatMap(({ paths }) => paths) ?? []);
  const above: string[] = [];
  const properties = shown.map(({ path, type, optional }): PageProperty => {
    while (above.length > 0 && !path.startsWith(above.at(-1) as string)) above.pop();
    const parent = above.at(-1) ?? '$';
    above.push(path);
    return {
      path,
      label: escapeText(path.slice(parent.length).replace(/^[.]/, '')),
      depth: above.length - 1,
      type,
      isOptional: optional,
      examples: ofSamples.map((one) => {
        const example = one.get(path);
        return example === undefined ? null : escapeText(example);
      }),
      isUsed: used.has(path),
    };
  });
  return { properties, moreProperties: listed.length - shown.length };
}
