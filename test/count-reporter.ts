import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with the inputs that property tests have tried, and the one line that tools count tests by. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    let inputs = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
        inputs += test.meta().inputs ?? 0;
      }
    }
    if (inputs > 0) console.log(`${inputs} inputs tried by property tests`);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}
