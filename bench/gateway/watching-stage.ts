import { measureLoad, type Load } from '../load/measure-load.ts';
import { PACE } from '../load/pace.ts';
import { median } from '../shared/quantile.ts';
import type { StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toTable } from '../shared/table.ts';
import { toExchange } from './exchanges.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { withTargets } from './start-targets.ts';

// One request at a time shows what a client waits longer; 32 at a time, what the machine does less.
const LOADS = [
  { kind: 'chat', connections: 1, figure: 'p50' },
  { kind: 'chat', connections: 32, figure: 'perSecond' },
  { kind: 'stream', connections: 32, figure: 'perSecond' },
] as const;

/** How much slower the log, the metrics and the guards may make a request. */
const MAX_FACTOR = 1.05;

/** One kind of load on one runtime: the windows of each round, measured one right after the other. */
interface Row {
  readonly title: string;
  readonly figure: 'p50' | 'perSecond';
  readonly rounds: readonly { readonly paddock: Load; readonly alone: Load }[];
}

/** Compares Paddock with its gateway alone, without log, metrics, request IDs and guards. */
export async function runWatchingStage(): Promise<StageResult> {
  const rows = [...(await measureOn('Node')), ...(await measureOn('Bun'))];
  return { table: describe(rows), goals: rows.map(toGoal) };
}

function measureOn(runtime: 'Node' | 'Bun'): Promise<Row[]> {
  const names = [`Paddock on ${runtime}`, `gateway alone on ${runtime}`] as const;
  return withTargets(names, async ([, paddock, alone]) => {
    const rows: Row[] = [];
    if (paddock === undefined || alone === undefined) return rows;
    for (const { kind, connections, figure } of LOADS) {
      const measure = (target: GatewayTarget) =>
        measureLoad(target, { ...PACE, connections, exchange: toExchange(kind, target) });
      await measure(paddock);
      await measure(alone);
      const rounds: Row['rounds'][number][] = [];
      for (let round = 0; round < PACE.rounds * 2; round += 1) {
        // In turn, each one is measured first.
        const early = round % 2 === 0 ? await measure(alone) : null;
        const own = await measure(paddock);
        rounds.push({ paddock: own, alone: early ?? (await measure(alone)) });
      }
      const unit = figure === 'p50' ? 'p50 ms' : `${kind}s/s`;
      rows.push({ title: `${runtime}, ${connections} at a time, ${kind} ${unit}`, figure, rounds });
    }
    return rows;
  });
}

function describe(rows: readonly Row[]): string {
  const head = ['', 'alone', 'Paddock', 'alone µs CPU each', 'Paddock µs CPU each'];
  return toTable(
    head,
    rows.map(({ title, figure, rounds }) => {
      const pick = (key: 'p50' | 'perSecond' | 'cpu', digits: number) =>
        (['alone', 'paddock'] as const).map((name) =>
          toFixed(median(rounds.map((round) => round[name][key] ?? Number.NaN)), digits),
        );
      return [title, ...pick(figure, figure === 'p50' ? 3 : 0), ...pick('cpu', 1)];
    }),
  );
}

/** The median of the rounds' ratios: the speed of the machine changes between rounds. */
function toGoal({ title, figure, rounds }: Row) {
  const ratios = rounds.map(({ paddock, alone }) =>
    figure === 'p50' ? paddock.p50 / alone.p50 : alone.perSecond / paddock.perSecond,
  );
  return { title: `${title}: Paddock takes longer by`, figure: median(ratios), atMost: MAX_FACTOR };
}
