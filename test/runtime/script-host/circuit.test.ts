import { expect, test } from 'vitest';
import { Circuit } from '../../../src/runtime/script-host/circuit.ts';

function open() {
  const clock = { now: 0 };
  const circuit = new Circuit(() => clock.now);
  const strike = (times: number) => {
    for (let count = 0; count < times; count += 1) circuit.strike('c', 'digest');
  };
  return { clock, circuit, strike };
}

test('three strikes in a row are a rest of half a minute', () => {
  const { clock, circuit, strike } = open();
  strike(2);
  expect(circuit.restsFor('c', 'digest')).toBe(0);
  strike(1);
  expect(circuit.restsFor('c', 'digest')).toBe(30_000);
  expect(circuit.restsFor('other', 'digest')).toBe(0);
  clock.now = 29_999;
  expect(circuit.restsFor('c', 'digest')).toBe(1);
  clock.now = 30_000;
  expect(circuit.restsFor('c', 'digest')).toBe(0);
});

test('after a rest one strike is enough', () => {
  const { clock, circuit, strike } = open();
  strike(3);
  clock.now = 30_000;
  strike(1);
  expect(circuit.restsFor('c', 'digest')).toBe(30_000);
});

test('a run that ends by itself, a minute without a strike, and a changed script start afresh', () => {
  const { clock, circuit, strike } = open();
  strike(2);
  circuit.clear('c');
  strike(2);
  expect(circuit.restsFor('c', 'digest')).toBe(0);
  clock.now = 60_001;
  strike(2);
  expect(circuit.restsFor('c', 'digest')).toBe(0);
  strike(1);
  expect(circuit.restsFor('c', 'digest')).toBe(30_000);
  expect(circuit.restsFor('c', 'changed')).toBe(0);
});
