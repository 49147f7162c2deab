// Here and not in a setup file: those come too late to keep an old Node from crashing.
import './scripts/require-node.js';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/summary-reporter.ts'],
    pool: 'forks',
    // Not one less than there are cores, as by default: many tests wait for other processes.
    maxWorkers: '100%',
    // Otherwise what a command prints goes past the capture of a test, to vitest.
    disableConsoleIntercept: true,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 15_000,
  },
});
