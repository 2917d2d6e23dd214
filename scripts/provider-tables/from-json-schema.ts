// In: a JSON schema whose definitions are `name$action` and `name_event`, as GitHub's are. Out: the members of each event, by
// its name: `issues.opened`, and `issues` for what all of them have in common.
import { type Member, type Members, mergeMembers } from './table.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Deeper members are not told apart. */
const MAX_DEPTH = 9;

export function readJsonSchema(text: string): Members {
  const { definitions = {} } = JSON.parse(text) as Schema;
  const events = new Map<string, Member>();
  for (const name of Object.keys(definitions)) {
    const event = eventOf(name);
    if (event === undefined) continue;
    const inner = membersOf({ $ref: `#/definitions/${name}` }, 0);
    if (inner !== null) events.set(event, { optional: false, nullable: false, inner });
  }
  return events;

  function resolve(schema: Schema): Schema {
    const name = /^#\/definitions\/(.*)$/.exec(schema.$ref ?? '')?.[1];
    const target = name === undefined ? undefined : definitions[decodeURIComponent(name)];
    return target === undefined ? schema : resolve(target);
  }

  function membersOf(reference: Schema, depth: number): Members | null {
    const schema = resolve(reference);
    if (depth > MAX_DEPTH) return null;
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (alternatives !== undefined) {
      const all = alternatives.map((one) => membersOf(one, depth)).filter((one) => one !== null);
      return all.length === 0 ? null : mergeMembers(all);
    }
    const own = [...ownMembers(schema, depth)];
    const parts = (schema.allOf ?? []).map((part) => membersOf(part, depth)).filter((one) => one !== null);
    return own.length === 0 && parts.length === 0 ? null : narrow([...parts, new Map(own)]);
  }

  function* ownMembers(schema: Schema, depth: number): Generator<readonly [string, Member]> {
    if (schema.items !== undefined) {
      yield ['[]', memberOf(schema.items, false, depth + 1)];
    }
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      yield [name, memberOf(property, !(schema.required ?? []).includes(name), depth + 1)];
    }
  }

  function memberOf(schema: Schema, optional: boolean, depth: number): Member {
    return { optional, nullable: isNullable(schema), inner: membersOf(schema, depth) };
  }

  function isNullable(reference: Schema): boolean {
    const schema = resolve(reference);
    const hasNull = [schema.type ?? []].flat().includes('null') || schema.enum?.includes(null) === true;
    return hasNull || [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].some(isNullable);
  }
}

/** `issues$opened`, `issues_event`; `push$event` of an event without actions. Others are parts. */
function eventOf(definition: string): string | undefined {
  const [, name, action] = /^(.*)\$(.*)$/.exec(definition) ?? [];
  if (name !== undefined) return action === 'event' ? name : `${name}.${action}`;
  return /^(.*)_event$/.exec(definition)?.[1];
}

/** All of them hold: what one promises is there, whatever the others allow. */
function narrow(parts: readonly Members[]): Members {
  const narrowed = new Map<string, Member>();
  for (const part of parts) {
    for (const [name, member] of part) {
      const known = narrowed.get(name);
      if (known === undefined) narrowed.set(name, member);
      else {
        const inner = [known.inner, member.inner].filter((one) => one !== null);
        narrowed.set(name, {
          optional: known.optional && member.optional,
          nullable: known.nullable && member.nullable,
          inner: inner.length === 0 ? null : narrow(inner),
        });
      }
    }
  }
  return narrowed;
}
