import type { Reporter, TestModule } from 'vitest/node';

const SLOWEST = 10;

/** Ends a run with its slowest files, the number of generated inputs, and the line by which tools count tests. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const line of toSlowest(modules)) console.log(line);
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

function toSlowest(modules: readonly TestModule[]): string[] {
  if (modules.length <= SLOWEST) return [];
  const times = modules.map((module) => ({
    file: module.relativeModuleId,
    seconds: module.diagnostic().duration / 1000,
  }));
  const slowest = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  return [
    'The slowest files:',
    ...slowest.map((t) => `${t.seconds.toFixed(1).padStart(7)} s  ${t.file}`),
  ];
}
