import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ['test/**/*.test.ts'],
    // Those are Playwright's.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    // Forked processes, not threads: native modules (ONNX Runtime, libvips) are then unloaded with their process.
    pool: 'forks',
    // Vision starts a process per core of its own; more than two test files at once only wait for each other.
    maxWorkers: 2,
    // The door checks each answer by the contract, also in the processes that tests start.
    // The log of this user is none of a test's business.
    env: { KITH_CHECK_RESULTS: '1', KITH_LOG: join(tmpdir(), 'kith-test-log') },
    // A machine that others use as well may be a few times as slow.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
