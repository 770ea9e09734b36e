import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { runClients } from './clients.ts';
import { disturb } from './disturb.ts';
import { OWN_KINDS } from './draw-request.ts';
import { INFERENCE_KINDS } from './exchange.ts';
import { SHAKY_HOSTS, STEADY_HOSTS } from './hosts.ts';
import { startHosts, type HostProcess } from './host-process.ts';
import { keepFavorites, readFavorites, type FavoritesMemory } from './keep-favorites.ts';
import { startSoakedPaddock, type PaddockProcess, type Platform } from './paddock-process.ts';
import { createRandom } from './random.ts';
import type { Report } from './report.ts';
import { Tally } from './tally.ts';
import { findFaults, findLeft, type Findings } from './verdict.ts';
import { startWatch, type Sample, type Watch } from './watch.ts';

/** How a soak runs. */
export interface Plan {
  readonly platform: Platform;
  /** How long traffic lasts, after warming up. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  /** A temporary folder. */
  readonly folder: string;
}

/** Longer than idle connections are kept. */
const REST_MS = 8000;
/** How long memory, files and sockets may take to come back. */
const BACK_MS = 30_000;
const LOOK_MS = 1000;
/** How long favorites change before Paddock is killed. */
const KEEP_MS = 500;
/** The share of the time that warming up takes, and its bounds in milliseconds. */
const WARM_UP = { part: 1 / 6, least: 3000, most: 20_000 };

interface Stage {
  readonly plan: Plan;
  readonly steady: HostProcess;
  readonly shaky: HostProcess;
  readonly paddock: PaddockProcess;
  readonly tally: Tally;
  readonly memory: FavoritesMemory;
}

/**
 * Starts hosts and Paddock, puts traffic on it, and collects the findings. Ends everything that it started.
 * @throws if something does not start
 */
export async function runSoak(plan: Plan): Promise<Report> {
  const { platform, folder } = plan;
  const steady = await startHosts(STEADY_HOSTS);
  const shaky = await startHosts(SHAKY_HOSTS);
  const ports = [...steady.ports, ...shaky.ports];
  const start = () => startSoakedPaddock({ platform, folder, ports });
  const paddock = await start();
  const stage: Stage = {
    plan,
    steady,
    shaky,
    paddock,
    tally: new Tally(),
    memory: { list: [], pending: null },
  };
  const watch = await startWatch(paddock);
  let isRunning = true;
  void paddock.ended.then(() => (isRunning = false));

  // The first request waits until every host is probed.
  await fetch(`${paddock.url}/api/models`);
  await runTraffic(stage, { ms: toWarmUpMs(plan), seed: plan.seed });
  await sleep(REST_MS);
  const before = watch.latest();
  await runTraffic(stage, { ms: plan.seconds * 1000, seed: plan.seed + 1 });
  const after = await comeBack(watch, before);
  const open = (await steady.countOpen()) + (await shaky.countOpen());
  const worst = watch.worst();
  await watch.end();
  const hasEnded = !isRunning;
  const found = hasEnded ? null : await killWhileWriting(stage, start);
  await Promise.all([steady.end(), shaky.end()]);
  const findings: Findings = {
    kinds: stage.tally.kinds,
    wanted: [...INFERENCE_KINDS, ...OWN_KINDS],
    before,
    after,
    open,
    badLines: await paddock.readBadLines(),
    hasEnded,
    favorites: { ...stage.memory, found },
  };
  const title = `Paddock on ${platform}, ${plan.seconds} s, ${plan.clients} clients, seed ${plan.seed}`;
  return { ...plan, title, tally: stage.tally, findings, worst, faults: findFaults(findings) };
}

/** Runs the clients and the disturbances for some time. */
async function runTraffic(stage: Stage, { ms, seed }: { ms: number; seed: number }): Promise<void> {
  const { plan, steady, shaky, tally, memory, paddock } = stage;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const timer = setTimeout(stop, ms);
  void paddock.ended.then(stop);
  const ending = stopping.signal;
  const pool = openPool(paddock);
  await Promise.all([
    runClients(plan.clients, {
      paddock: pool,
      seed,
      tally,
      wasDown: (host, span) =>
        [steady, shaky].some((process) => process.hosts.includes(host) && process.wasDown(span)),
      ending,
    }),
    keepFavorites(memory, { paddock: pool, random: createRandom(seed), tally, ending }),
    disturb(shaky, { random: createRandom(seed), tally, ending }),
  ]);
  clearTimeout(timer);
  await pool.destroy();
}

/** Waits until a process is back where it was, or time is up. */
async function comeBack(watch: Watch, before: Sample): Promise<Sample> {
  await sleep(REST_MS);
  const until = performance.now() + BACK_MS - REST_MS;
  while (findLeft(before, watch.latest()).length > 0 && performance.now() < until) {
    await sleep(LOOK_MS);
  }
  return watch.latest();
}

/** Kills Paddock while favorites change and starts it again. Returns the favorites that it has then. */
async function killWhileWriting(
  { plan, paddock, tally, memory }: Stage,
  start: () => Promise<PaddockProcess>,
): Promise<readonly string[] | null> {
  const ending = new AbortController();
  const pool = openPool(paddock);
  const random = createRandom(plan.seed);
  const keeping = keepFavorites(memory, { paddock: pool, random, tally, ending: ending.signal });
  await sleep(KEEP_MS);
  // One change may be in flight now. Either outcome of it is right.
  const killed = paddock.kill();
  ending.abort();
  await Promise.all([killed, keeping]);
  await pool.destroy();
  const again = await start();
  const poolAgain = openPool(again);
  const found = await readFavorites(poolAgain);
  await poolAgain.destroy();
  await again.kill();
  return found;
}

// Closes idle connections before Paddock does, so that no request meets a closing one.
function openPool({ url }: PaddockProcess): Pool {
  return new Pool(url, { keepAliveTimeout: 2000, keepAliveMaxTimeout: 2000 });
}

function toWarmUpMs({ seconds }: Plan): number {
  const { part, least, most } = WARM_UP;
  return Math.min(most, Math.max(least, seconds * 1000 * part));
}
