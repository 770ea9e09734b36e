import type { SoakFigures } from '../soak/report.ts';
import type { Trials } from './count-trials.ts';

/** What was tried and what came of it, as a table in Markdown. */
export function describeTrust(trials: Trials, soak: SoakFigures): string {
  const { faults, attacks, inputs, properties } = trials;
  const peak = soak.peakBytes === null ? '?' : `${toWhole(soak.peakBytes / 2 ** 20)} MiB`;
  const rows = [
    ['faults tried; survived', `${faults.tried}; ${faults.held}`],
    ['attacks tried; came to nothing', `${attacks.tried}; ${attacks.held}`],
    [
      `bad inputs tried, against ${properties.tried} rules; rules that held`,
      `${toWhole(inputs)}; ${properties.held}`,
    ],
    [`soak of ${toWhole(soak.seconds)} s: requests`, toWhole(soak.requests)],
    ['soak: faults meanwhile', toWhole(soak.faults)],
    ['soak: lost or wrong answers', toWhole(soak.lost + soak.wrong)],
    ['soak: peak memory', peak],
    ['soak: longest event-loop delay', `${toWhole(soak.longestDelayMs)} ms`],
    ['soak: verdict', soak.verdict],
  ];
  return ['| | |', '| --- | ---: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

function toWhole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
