import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    // Command lines of tests keep nothing: no folder can be made below a device.
    env: { XDG_CACHE_HOME: '/dev/null/cache' },
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    setupFiles: ['test/fast-check-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Processes, as tests start servers, children and file watchers; two, as CI machines are small.
    pool: 'forks',
    maxWorkers: 2,
  },
});
