import { expect, it } from 'vitest';
import { countTrials } from '../../bench/trust/count-trials.ts';
import { describeTrust } from '../../bench/trust/describe-trust.ts';

const file = (
  name: string,
  ...assertionResults: { status: string; meta?: { inputs: number } }[]
) => ({
  name: `/somewhere/${name}`,
  assertionResults,
});

const trials = countTrials({
  testResults: [
    file('test/faults/hosts.test.ts', { status: 'passed' }, { status: 'failed' }),
    file('test/trust/secrets.test.ts', { status: 'passed' }),
    file(
      'test/x.property.test.ts',
      { status: 'passed', meta: { inputs: 500 } },
      { status: 'passed' },
    ),
  ],
});

it('what tests tried is counted by where they stand', () => {
  expect(trials).toEqual({
    faults: { tried: 2, held: 1 },
    attacks: { tried: 1, held: 1 },
    inputs: 500,
    properties: { tried: 1, held: 1 },
  });
});

it('what did not hold is seen in the table', () => {
  const table = describeTrust(trials, {
    seconds: 60,
    requests: 12_345,
    lost: 1,
    wrong: 2,
    faults: 7,
    peakBytes: 200 * 2 ** 20,
    longestDelayMs: 41.7,
    kinds: {},
    faultKinds: {},
    verdict: 'failed: 3 answers',
  });
  expect(table.split('\n')).toEqual([
    '| | |',
    '| --- | ---: |',
    '| faults tried; survived | 2; 1 |',
    '| attacks tried; came to nothing | 1; 1 |',
    '| bad inputs tried, against 1 rules; rules that held | 500; 1 |',
    '| soak of 60 s: requests | 12,345 |',
    '| soak: faults meanwhile | 7 |',
    '| soak: lost or wrong answers | 3 |',
    '| soak: peak memory | 200 MiB |',
    '| soak: longest event-loop delay | 42 ms |',
    '| soak: verdict | failed: 3 answers |',
  ]);
});
