// How many inputs a property test tries, and which: said here for all of them.

import { TestRunner } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How many inputs a test has tried, beside those it names. */
    inputs?: number;
  }
}

/** The same inputs in every run, so that a failure is one for everybody. */
const SEED = readNumber('FUZZ_SEED', 20261122);
const FACTOR = readNumber('FUZZ_RUNS', 1);

/**
 * What `fc.assert` is told within a test: to try so many inputs, `FUZZ_RUNS` times over, drawn from `FUZZ_SEED`. Their
 * number stands in the test's `meta.inputs`.
 */
export function inputs(runs: number): { seed: number; numRuns: number } {
  const numRuns = runs * FACTOR;
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error('Inputs are tried within a test');
  test.meta.inputs = (test.meta.inputs ?? 0) + numRuns;
  return { seed: SEED, numRuns };
}

function readNumber(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Error(`${name}: expected a whole number from 1`);
  }
  return number;
}
