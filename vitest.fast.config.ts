/**
 * `npm run test:fast`: what a change to one file most likely breaks, in half a minute on two cores. Left out is what starts
 * processes, walks at random, waits for a disk, or takes over two seconds; CI runs all of it. Files share their modules,
 * as loading these anew for each takes as long as the tests do.
 */
import { availableParallelism } from 'node:os';
import { mergeConfig } from 'vitest/config';
import whole from './vitest.config.ts';

export default mergeConfig(whole, {
  test: {
    isolate: false,
    maxWorkers: availableParallelism(),
    exclude: [
      'test/{acceptance,cli,deploy,editor,model,postgres,scripts,studio,workflows}/**',
      'test/**/*{-,.}property.test.ts',
      'test/providers/events.test.ts',
      'test/architecture.test.ts',
      'test/compiler/{any-input,bundle-script,cache,threads}.test.ts',
      'test/stages/{json-path,shape/check}.test.ts',
      'test/runtime/script-host/**',
      'test/runtime/{few-descriptors,notify*,read-body,redeliver,redelivery-wiring,serve*,several-targets,signals*,signed-bundles,state-gone,watch*,workers*}.test.ts',
      'test/runtime/state/{crash,hold-store,owner-lock,runtime-state}.test.ts',
    ],
  },
});
