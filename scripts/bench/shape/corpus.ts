/**
 * In: the package @octokit/webhooks-examples. Out: genuine GitHub webhook bodies in groups of one event and action, which
 * is what a connector of GitHub selects by. Bodies that are equal count once.
 */
import { createRequire } from 'node:module';
import { isJsonObject, type JsonObject } from '../../../src/stages/json/json-value.ts';

export interface Group {
  /** Such as `issues.opened`. */
  readonly name: string;
  readonly payloads: readonly JsonObject[];
}

const require = createRequire(import.meta.url);

/** Every event and action with two or more examples, in the order of their names. */
export function loadGroups(): readonly Group[] {
  const events: unknown = require('@octokit/webhooks-examples');
  const groups = new Map<string, Map<string, JsonObject>>();
  for (const event of Array.isArray(events) ? events : []) {
    for (const payload of event.examples) {
      if (!isJsonObject(payload)) continue;
      const name =
        typeof payload.action === 'string' ? `${event.name}.${payload.action}` : String(event.name);
      const known = groups.get(name) ?? new Map<string, JsonObject>();
      groups.set(name, known.set(JSON.stringify(payload), payload));
    }
  }
  return [...groups]
    .map(([name, payloads]) => ({ name, payloads: [...payloads.values()] }))
    .filter(({ payloads }) => payloads.length > 1)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Version of the examples. */
export function corpusVersion(): string {
  return require('@octokit/webhooks-examples/package.json').version;
}
