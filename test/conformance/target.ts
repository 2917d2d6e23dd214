/** The suite that every target passes, the package's own and those of its users, as tests. */
import { describe, expect, test } from 'vitest';
import { type TargetUnderTest, targetConformance } from '../../src/runtime/targets/conformance.ts';
import type { Target } from '../../src/runtime/targets/target.ts';

export type { Arrival, TargetUnderTest } from '../../src/runtime/targets/conformance.ts';

export function describeTarget(name: Target['name'], open: () => Promise<TargetUnderTest>): void {
  describe(`the ${name} target keeps the contract of targets`, () => {
    const openNamed = async (): Promise<TargetUnderTest> => {
      const opened = await open();
      expect(opened.target.name).toBe(name);
      return opened;
    };
    for (const check of targetConformance(openNamed)) test(check.name, check.run);
  });
}
