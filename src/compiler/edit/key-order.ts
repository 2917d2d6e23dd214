/** In which order people write the keys of a connector: that of the schema. In: a key. Out: those that stand before it. */
import schema from '../../../schemas/connector.schema.json' with { type: 'json' };

const { structuredMapping } = schema.$defs;

/** By the pointer of the map that has them. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(schema.properties),
  '/mapping': Object.keys(structuredMapping.properties),
  '/mapping/cardOptions': Object.keys(structuredMapping.properties.cardOptions.properties),
};

/** null: keys of this map have no order of their own; new ones come last. */
export function keysBefore(parent: string, key: string): readonly string[] | null {
  const order = ORDERS[parent];
  const at = order?.indexOf(key) ?? -1;
  return order === undefined || at === -1 ? null : order.slice(0, at);
}
