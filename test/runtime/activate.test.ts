import { describe, expect, test } from 'vitest';
import { Activation } from '../../src/runtime/bundles/activate.ts';
import { bundleOf, planOf } from './bundles.ts';

const at = (time: number) => new Date(time).toISOString();

describe('activation', () => {
  test('is not ready before a bundle is active', () => {
    const activation = new Activation();
    expect(activation.ready).toBe(false);
    expect(activation.connector('one')).toBeUndefined();
    expect(activation.status).toMatchObject({
      active: null,
      lastAttempt: null,
      lastActivation: null,
      lastError: null,
    });
  });

  test('serves the connectors of a bundle, and says which', () => {
    const activation = new Activation({ now: () => 1_000 });
    const bytes = bundleOf([planOf({ id: 'one' }), planOf({ id: 'two' })], { revision: 'abc', sequence: 7 });
    expect(activation.activate(bytes, 'a file')).toMatchObject({
      ok: true,
      added: 2,
      changed: 0,
      removed: 0,
    });
    expect(activation.ready).toBe(true);
    expect(activation.connector('two')?.runner()?.plan.id).toBe('two');
    expect(activation.status).toMatchObject({
      active: { revision: 'abc', sequence: 7, connectors: 2, activatedAt: at(1_000), source: 'a file' },
      lastAttempt: at(1_000),
      lastActivation: at(1_000),
      lastError: null,
    });
  });

  test('keeps what did not change and was used, and replaces the rest', () => {
    const activation = new Activation();
    activation.activate(
      bundleOf([planOf({ id: 'gone' }), planOf({ id: 'same' }), planOf({ id: 'edited' })]),
      'x',
    );
    for (const id of ['gone', 'same', 'edited']) activation.connector(id)?.runner();
    const [same, edited] = ['same', 'edited'].map((id) => activation.connector(id));
    const second = bundleOf([
      planOf({ id: 'same' }),
      planOf({ id: 'edited', actionFlow: 'other' }),
      planOf({ id: 'new' }),
    ]);
    expect(activation.activate(second, 'x')).toMatchObject({ ok: true, added: 1, changed: 1, removed: 1 });
    expect(activation.connector('same')).toBe(same);
    expect(activation.connector('edited')).not.toBe(edited);
    expect(activation.connector('edited')?.runner()?.plan.actionFlow).toBe('other');
    expect(activation.connector('gone')).toBeUndefined();
  });

  test('lets go of what nobody has used: it would hold on to the bytes of its bundle', () => {
    const activation = new Activation();
    const bytes = bundleOf([planOf({ id: 'one' })]);
    activation.activate(bytes, 'x');
    const unused = activation.connector('one');
    activation.activate(Buffer.from(bytes), 'x');
    expect(activation.connector('one')).not.toBe(unused);
    expect(activation.connector('one')?.runner()?.plan.id).toBe('one');
  });

  test('leaves the last good bundle serving when a newer one is broken', () => {
    let now = 1_000;
    const activation = new Activation({ now: () => now });
    activation.activate(bundleOf([planOf({ id: 'one' })], { revision: 'good' }), 'x');
    now = 2_000;
    const broken = bundleOf([planOf({ id: 'two' })]);
    broken[broken.length - 5] = 0x00;
    expect(activation.activate(broken, 'x')).toMatchObject({ ok: false, code: 'bundle-digest-mismatch' });
    expect(activation.connector('one')?.runner()?.plan.id).toBe('one');
    expect(activation.connector('two')).toBeUndefined();
    expect(activation.status).toMatchObject({
      active: { revision: 'good' },
      lastAttempt: at(2_000),
      lastActivation: at(1_000),
      lastError: { code: 'bundle-digest-mismatch', at: at(2_000) },
      activations: 1,
      failures: 1,
    });
    now = 3_000;
    activation.activate(bundleOf([planOf({ id: 'two' })]), 'x');
    expect(activation.status).toMatchObject({ lastError: null, lastActivation: at(3_000) });
  });

  test('breaks one connector alone when its plan cannot be run', () => {
    const broken: string[] = [];
    const activation = new Activation({ onBroken: (id) => broken.push(id) });
    const unknownKind = { kind: 'from-the-future' } as never;
    activation.activate(
      bundleOf([planOf({ id: 'bad', mapping: unknownKind, when: null as never }), planOf({ id: 'good' })]),
      'x',
    );
    expect(activation.connector('bad')?.runner()).toBeNull();
    expect(activation.connector('good')?.runner()).not.toBeNull();
    expect(broken).toEqual(['bad']);
  });
});
