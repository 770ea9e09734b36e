/** What is read of a report of vitest's. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly meta?: { readonly inputs?: number };
    }[];
  }[];
}

/** How many things were tried, and how many of them held. */
export interface Trials {
  readonly faults: Count;
  readonly attacks: Count;
  /** Inputs that were drawn for properties, beside those that tests name. */
  readonly inputs: number;
  readonly properties: Count;
}

interface Count {
  readonly tried: number;
  readonly held: number;
}

/** Counts what tests tried, by the folder that they stand in. */
export function countTrials({ testResults }: TestReport): Trials {
  const within = (pattern: RegExp) =>
    testResults.filter(({ name }) => pattern.test(name)).flatMap((file) => file.assertionResults);
  const count = (tests: readonly { status: string }[]) => ({
    tried: tests.length,
    held: tests.filter(({ status }) => status === 'passed').length,
  });
  const properties = testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ meta }) => meta?.inputs !== undefined);
  return {
    faults: count(within(/\/test\/faults\//u)),
    attacks: count(within(/\/test\/trust\//u)),
    inputs: properties.reduce((sum, { meta }) => sum + (meta?.inputs ?? 0), 0),
    properties: count(properties),
  };
}
