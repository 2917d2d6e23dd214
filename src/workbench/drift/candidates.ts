/**
 * Of past payloads that do not look like the samples, one for each shape: the smallest. Bounded in number and size, so that
 * a log of any length can be gone through.
 */
import type { ShapePlan } from '../../stages/plans.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { fingerprintShape } from '../../stages/shape/fingerprint.ts';
import { learnAlong } from '../../stages/shape/learn.ts';

const MAX_CANDIDATES = 500;
const MAX_BYTES = 64 * 1024 * 1024;

export interface Candidate {
  readonly sample: EvaluationSample;
  readonly bytes: number;
}

export class Candidates {
  readonly #shape: ShapePlan['shape'];
  readonly #byFingerprint = new Map<string, Candidate>();
  #bytes = 0;

  constructor({ shape }: ShapePlan) {
    this.#shape = shape;
  }

  /** Smallest first; equally small ones in the order they came. */
  get list(): readonly Candidate[] {
    return [...this.#byFingerprint.values()].sort((left, right) => left.bytes - right.bytes);
  }

  add(candidate: Candidate): void {
    const fingerprint = fingerprintShape(learnAlong(this.#shape, candidate.sample.body));
    const known = this.#byFingerprint.get(fingerprint);
    if (known !== undefined && known.bytes <= candidate.bytes) return;
    const bytes = this.#bytes - (known?.bytes ?? 0) + candidate.bytes;
    const isFull = known === undefined && this.#byFingerprint.size >= MAX_CANDIDATES;
    if (isFull || bytes > MAX_BYTES) return;
    this.#bytes = bytes;
    this.#byFingerprint.set(fingerprint, candidate);
  }
}
