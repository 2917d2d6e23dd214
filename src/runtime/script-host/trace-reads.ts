/**
 * Records which values of a request body a script reads, as JSONPaths. The function is sent into the isolate as source
 * text: it must not refer to anything outside itself.
 */

export interface ReadTrace {
  /** Stands in for the body; reads like it. */
  readonly body: unknown;
  /**
   * Paths in the order of their first read: each value that is no container, and each container of which nothing
   * was read but the container itself (tested, counted, passed on or turned into JSON as a whole).
   */
  reads(): string[];
}

export function traceReads(root: unknown, maxReads: number): ReadTrace {
  // Path -> whether the path itself is a read, or only on the way to others.
  const paths = new Map<string, 'value' | 'way' | 'container'>();
  const proxies = new WeakMap<object, object>();
  const standIns = new WeakSet<object>();

  const note = (path: string, as: 'value' | 'way' | 'container'): void => {
    const before = paths.get(path);
    if (
      before === undefined
        ? paths.size >= maxReads
        : before === 'value' || before === as || as === 'container'
    )
      return;
    paths.set(path, as);
  };
  const member = (path: string, key: string, isList: boolean): string | null => {
    if (isList) return /^(0|[1-9][0-9]*)$/.test(key) ? `${path}[*]` : null;
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return null;
    if (/^[\p{L}\p{M}\p{N}_$-]+$/u.test(key)) return `${path}.${key}`;
    const escaped = JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `${path}['${escaped}']`;
  };

  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) {
      note(path, 'value');
      return value;
    }
    // A script may have put a stand-in into the body itself, by sorting a list for example.
    if (standIns.has(value)) return value;
    const known = proxies.get(value);
    if (known !== undefined) return known;
    const isList = Array.isArray(value);
    const read = (target: object, key: PropertyKey, inner: unknown): unknown => {
      if (typeof key === 'symbol') return inner;
      const own = Object.getOwnPropertyDescriptor(target, key);
      const below = own?.configurable ? member(path, String(key), isList) : null;
      if (below === null) {
        note(path, 'container');
        return inner;
      }
      note(path, 'way');
      if (typeof inner === 'object' && inner !== null) note(below, 'container');
      return wrap(inner, below);
    };
    const proxy: object = new Proxy(value, {
      get(target, key, receiver) {
        // JSON.stringify asks for this first: the container is read as a whole, not value by value.
        if (key === 'toJSON' && !Object.hasOwn(target, key)) {
          note(path, 'value');
          return () => target;
        }
        return read(target, key, Reflect.get(target, key, receiver));
      },
      has(target, key) {
        note(path, 'container');
        return Reflect.has(target, key);
      },
      // Object.keys and a spread ask for this about every member; the values that are used come through `get`.
      getOwnPropertyDescriptor(target, key) {
        const property = Reflect.getOwnPropertyDescriptor(target, key);
        const below = property?.configurable && typeof key === 'string' ? member(path, key, isList) : null;
        if (property === undefined || below === null || typeof property.value !== 'object') return property;
        return { ...property, value: property.value === null ? null : wrap(property.value, below) };
      },
      ownKeys(target) {
        note(path, 'container');
        return Reflect.ownKeys(target);
      },
    });
    proxies.set(value, proxy);
    standIns.add(proxy);
    return proxy;
  };

  return {
    body: wrap(root, '$'),
    reads: () => [...paths].filter(([, as]) => as !== 'way').map(([path]) => path),
  };
}
