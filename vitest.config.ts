import { defineConfig } from 'vitest/config';

const SECOND = 1000;
/** A busy machine may take longer than the default of one second. */
const expect = { poll: { timeout: 10 * SECOND } };
const MEASURED = ['test/faults/hostile-lists.test.ts'];
const PAINT = ['test/browser/{paint,picker-many}.test.ts'];
const BROWSER = {
  globalSetup: 'test/browser/global-setup.ts',
  // The files share a connection to Chromium.
  isolate: false,
  testTimeout: 60 * SECOND,
  hookTimeout: 60 * SECOND,
};

export default defineConfig({
  test: {
    reporters: ['dot', './test/summary-reporter.ts'],
    silent: 'passed-only',
    // Most tests wait for sockets and processes: more files than cores run at a time.
    maxWorkers: 6,
    globalSetup: './test/shared-folder.ts',
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{browser,clients,faults,peers,programs,runtimes,slow}/**'],
          expect,
          testTimeout: 30 * SECOND,
          // The tests share no state, and loading every file's imports anew takes most of their time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'runtimes',
          include: ['test/{clients,runtimes}/**/*.test.ts'],
          setupFiles: 'test/runtimes/client-connections.ts',
          isolate: false,
          expect,
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'programs',
          include: ['test/programs/**/*.test.ts'],
          expect,
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          exclude: MEASURED,
          expect,
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          // Alone on the machine: they measure latency.
          name: 'measured',
          include: MEASURED,
          sequence: { groupOrder: 3 },
          fileParallelism: false,
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          ...BROWSER,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: PAINT,
          // Apart from the tests that compute: pages and their timers need a core.
          sequence: { groupOrder: 1 },
          maxWorkers: 4,
        },
      },
      {
        test: {
          ...BROWSER,
          // Alone on the machine: they measure what a page paints within milliseconds.
          name: 'paint',
          include: PAINT,
          sequence: { groupOrder: 2 },
          fileParallelism: false,
        },
      },
      {
        test: {
          // Real clients, which need the registries of npm and Python once.
          name: 'peers',
          include: ['test/peers/**/*.test.ts'],
          testTimeout: 100 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          expect,
          testTimeout: 400 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
    ],
  },
});
