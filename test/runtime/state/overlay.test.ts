import { expect, test } from 'vitest';
import type { PauseRecord } from '../../../src/admin-api/records.ts';
import {
  allPauses,
  EMPTY_OVERLAY,
  type Overlay,
  pauseAutomatically,
  pauseEverything,
  pauseManually,
  pauseOf,
  resume,
  wasResumedFor,
} from '../../../src/runtime/state/overlay.ts';
import { decodeOverlay, encodeOverlay } from '../../../src/runtime/state/overlay-format.ts';

const at = '2025-10-09T08:53:20.000Z';
const alice = { by: 'alice', at, reason: 'looked at it' };

function automatic(behaviour: string, event = behaviour): PauseRecord {
  return { kind: 'auto', connector: 'one', at, by: 'sluice', reason: 'drifted', behaviour, event };
}

function apply(...changes: readonly ((overlay: Overlay) => Overlay)[]): Overlay {
  return changes.reduce((overlay, change) => change(overlay), EMPTY_OVERLAY);
}

test('a reviewed fix lifts an automatic pause, a revert pauses again', () => {
  const overlay = apply((before) => pauseAutomatically(before, automatic('broken')));
  expect(pauseOf(overlay, 'one', 'broken')).not.toBeNull();
  expect(pauseOf(overlay, 'one', 'fixed')).toBeNull();
  const again = pauseAutomatically(overlay, automatic('other-attempt'));
  expect(pauseOf(again, 'one', 'broken')).not.toBeNull();
  expect(pauseOf(again, 'one', 'other-attempt')).not.toBeNull();
});

test('the first automatic pause of a behaviour is the one that is told', () => {
  const first = apply((before) => pauseAutomatically(before, automatic('broken', 'event-1')));
  expect(pauseAutomatically(first, automatic('broken', 'event-2'))).toBe(first);
});

test('a manual pause wins over an automatic one and outlives the fix', () => {
  const overlay = apply(
    (before) => pauseAutomatically(before, automatic('broken')),
    (before) => pauseManually(before, 'one', alice),
  );
  expect(pauseOf(overlay, 'one', 'broken')).toMatchObject({ kind: 'manual', by: 'alice' });
  expect(pauseOf(overlay, 'one', 'fixed')).toMatchObject({ kind: 'manual' });
});

test('resume ends every pause of a connector, and remembers the events', () => {
  const overlay = apply(
    (before) => pauseAutomatically(before, automatic('broken', 'event-1')),
    (before) => pauseAutomatically(before, automatic('also-broken', 'event-2')),
    (before) => pauseManually(before, 'one', alice),
    (before) => pauseManually(before, 'two', alice),
    (before) => resume(before, 'one', alice),
  );
  expect(allPauses(overlay).map((pause) => pause.connector)).toEqual(['two']);
  expect(wasResumedFor(overlay, 'one', ['event-1'])).toBe(true);
  expect(wasResumedFor(overlay, 'one', ['event-2'])).toBe(true);
  expect(wasResumedFor(overlay, 'two', ['event-1'])).toBe(false);
});

test('bodies that an earlier version remembered stay remembered', () => {
  const { event, ...before } = automatic('broken', 'body-1');
  const earlier: PauseRecord = { ...before, bodyDigest: event as string };
  const overlay = apply(
    (empty) => pauseAutomatically(empty, earlier),
    (paused) => resume(paused, 'one', alice),
  );
  expect(wasResumedFor(overlay, 'one', ['another', 'body-1'])).toBe(true);
});

test('resume of what is not paused changes nothing', () => {
  expect(resume(EMPTY_OVERLAY, 'one', alice)).toBe(EMPTY_OVERLAY);
});

test('with everything paused, resume of one leaves the others paused', () => {
  const overlay = apply(
    (before) => pauseEverything(before, at, 'unreadable'),
    (before) => resume(before, 'one', alice),
  );
  expect(pauseOf(overlay, 'one', 'any')).toBeNull();
  expect(pauseOf(overlay, 'two', 'any')).toMatchObject({ reason: 'unreadable' });
  expect(pauseOf(resume(overlay, '*', alice), 'two', 'any')).toBeNull();
});

test('what is remembered is bounded, the newest stays', () => {
  let overlay = EMPTY_OVERLAY;
  for (let number = 0; number < 500; number += 1) {
    overlay = pauseAutomatically(overlay, automatic(`behaviour-${number}`, `event-${number}`));
    if (number % 2 === 1) overlay = resume(overlay, 'one', alice);
  }
  for (let number = 0; number < 50; number += 1)
    overlay = pauseAutomatically(overlay, automatic(`last-${number}`));
  expect(overlay.history).toHaveLength(200);
  expect(overlay.resumed.get('one')).toHaveLength(100);
  expect(wasResumedFor(overlay, 'one', ['event-499'])).toBe(true);
  expect(overlay.pauses.get('one')?.automatic).toHaveLength(20);
  expect(pauseOf(overlay, 'one', 'last-49')).not.toBeNull();
});

test('the text comes back as the same value', () => {
  const overlay = apply(
    (before) => pauseEverything(before, at, 'unreadable'),
    (before) => pauseAutomatically(before, automatic('broken', 'event-1')),
    (before) => resume(before, 'one', alice),
    (before) => pauseManually(before, 'two', alice),
  );
  expect(decodeOverlay(encodeOverlay(overlay))).toEqual({ ok: true, overlay });
});
