/**
 * `FAST_CHECK_SEED` makes property tests draw the same inputs each time: .ci/run sets it, so that a change is judged by what
 * it changes. By hand, and in the night's run, they draw new ones; a failure prints its seed.
 */
import fc from 'fast-check';

const seed = process.env.FAST_CHECK_SEED ?? '';
if (seed !== '') fc.configureGlobal({ seed: Number(seed) });
