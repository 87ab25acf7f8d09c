import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Long measurements (`npm run test:long`) may take minutes; everything else has to stay quick. */
const long = process.env['PAWL_LONG'] === '1';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    // One process per file: a WebAssembly heap or an open ledger never reaches into another file's tests.
    pool: 'forks',
    maxWorkers: 2,
    // Whole commands on two shared cores: a test that is slow there has not failed, one that hangs is found all the same.
    testTimeout: long ? 600_000 : 90_000,
    hookTimeout: long ? 300_000 : 120_000,
    teardownTimeout: 10_000,
    // Keys and what is remembered of ledgers: never those of whoever runs the tests, nor of another time they run.
    env: {
      XDG_CONFIG_HOME: resolve(`.pawl/tests/home/${process.pid}/config`),
      XDG_STATE_HOME: resolve(`.pawl/tests/home/${process.pid}/state`),
      XDG_CACHE_HOME: resolve(`.pawl/tests/home/${process.pid}/cache`),
      PAWL_KEY: '',
      PAWL_UNSIGNED: '',
    },
    setupFiles: ['tests/support/property-seed.ts'],
    reporters: ['default', './tests/support/closing-line-reporter.ts'],
    // A test that is alone by mistake would leave all others unrun and the closing line green.
    allowOnly: false,
    restoreMocks: true,
  },
});
