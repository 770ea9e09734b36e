import { compareLoads, measureLoad, type Load } from '../load/measure-load.ts';
import { PACE } from '../load/pace.ts';
import type { Goal } from '../shared/goal.ts';
import type { StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toMebibytes, toTable } from '../shared/table.ts';
import { toExchange } from './exchanges.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { ALONE, readIdle, withTargets } from './start-targets.ts';

const CONNECTIONS = [1, 32, 256] as const;
const WARM_UP_CONNECTIONS = 32;
const KINDS = ['chat', 'stream'] as const;

/** One target under one kind of load. */
interface Row {
  readonly kind: (typeof KINDS)[number];
  readonly connections: number;
  readonly name: string;
  readonly load: Load;
  readonly idle: number | null;
}

/** Measures small chats and streams through every gateway. */
export async function runLoadStage(): Promise<StageResult> {
  const gateways = [
    'bare node:http proxy',
    'Portkey',
    'Paddock on Node',
    'Paddock on Bun',
    'Paddock in workerd',
  ] as const;
  const rows = await withTargets(gateways, measure);
  return { table: KINDS.map((kind) => describe(kind, rows)).join('\n\n'), goals: toGoals(rows) };
}

async function measure(targets: readonly GatewayTarget[]): Promise<Row[]> {
  const idle = new Map<string, number | null>();
  for (const target of targets) idle.set(target.name, await readIdle(target));
  const rows: Row[] = [];
  for (const kind of KINDS) {
    const able = await pickAble(targets, kind);
    for (const connections of CONNECTIONS) {
      for (const { name, load } of await compareLoads(able, { ...PACE, connections })) {
        rows.push({ kind, connections, name, load, idle: idle.get(name) ?? null });
      }
    }
  }
  return rows;
}

/** Warms the targets up, and leaves Portkey out if it answers wrongly. */
async function pickAble(targets: readonly GatewayTarget[], kind: Row['kind']) {
  const able = [];
  for (const target of targets) {
    const exchange = toExchange(kind, target);
    try {
      await measureLoad(target, { ...PACE, exchange, connections: WARM_UP_CONNECTIONS });
      able.push({ ...target, exchange });
    } catch (error) {
      if (target.name !== 'Portkey' || !(error instanceof Error)) throw error;
      console.log(`${kind}: Portkey is left out. ${error.message}\n`);
    }
  }
  return able;
}

function describe(kind: Row['kind'], all: readonly Row[]): string {
  const head = [kind, `${kind}s/s`, 'p50 ms', 'p99 ms', 'µs CPU each', 'idle MiB', 'peak MiB'];
  const rows = all
    .filter((row) => row.kind === kind)
    .map(({ connections, name, load, idle }) => [
      `${String(connections).padStart(3)}  ${name}`,
      toFixed(load.perSecond, 0),
      toFixed(load.p50, 3),
      toFixed(load.p99, 3),
      toFixed(load.cpu, 0),
      toFixed(toMebibytes(idle), 0),
      toFixed(toMebibytes(load.peakBytes), 0),
    ]);
  return toTable(head, rows);
}

function toGoals(rows: readonly Row[]): Goal[] {
  const find = (kind: Row['kind'], connections: number) => (name: string) =>
    rows.find((row) => row.kind === kind && row.connections === connections && row.name === name)
      ?.load;
  const toRatio = (loads: ReturnType<typeof find>, [name, other]: [string, string]) =>
    (loads(name)?.perSecond ?? Number.NaN) / (loads(other)?.perSecond ?? Number.NaN);
  const chat = find('chat', 32);
  const stream = find('stream', 32);
  const one = find('chat', 1);
  const bare = 'bare node:http proxy';
  const toAdded = (name: string) =>
    (one(name)?.p50 ?? Number.NaN) - (one(ALONE)?.p50 ?? Number.NaN);
  return ['Node', 'Bun'].flatMap((runtime) => {
    const paddock = `Paddock on ${runtime}`;
    return [
      {
        title: `chats/s, 32 connections, ${runtime} / Portkey`,
        figure: toRatio(chat, [paddock, 'Portkey']),
        atLeast: runtime === 'Node' ? 10 : 20,
      },
      {
        title: `chats/s, 32 connections, ${runtime} / bare proxy`,
        figure: toRatio(chat, [paddock, bare]),
        atLeast: 1,
      },
      {
        title: `chat, 1 connection, added p50, ${runtime} / bare proxy`,
        figure: toAdded(paddock) / toAdded(bare),
        atMost: 1,
      },
      {
        title: `streams/s, 32 connections, ${runtime} / bare proxy`,
        figure: toRatio(stream, [paddock, bare]),
        atLeast: 1,
      },
    ];
  });
}
