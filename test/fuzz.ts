// The number and the seed of the inputs of all property tests.

import { TestRunner } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How many generated inputs a test has tried. */
    inputs?: number;
  }
}

/** Every run tries the same inputs, so that a failure can be repeated. */
const SEED = readNumber('FUZZ_SEED', 20261122);
const FACTOR = readNumber('FUZZ_RUNS', 1 / 5);

/**
 * Parameters for `fc.assert` within a test: `runs` inputs, multiplied by `FUZZ_RUNS` (by default a fifth of them), with
 * the seed `FUZZ_SEED`. Adds their number to the test's `meta.inputs`.
 */
export function inputs(runs: number): { seed: number; numRuns: number } {
  const numRuns = Math.ceil(runs * FACTOR);
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error('inputs() must be called within a test');
  test.meta.inputs = (test.meta.inputs ?? 0) + numRuns;
  return { seed: SEED, numRuns };
}

function readNumber(name: string, fallback: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return fallback;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Error(`${name}: expected a whole number from 1`);
  }
  return number;
}
