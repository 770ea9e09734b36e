// A Paddock in a process of its own before hosts that are well and hosts that need not be, and what must hold after each fault.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Instance } from '../runtimes/runtimes.ts';
import { addFavorite, chatWith, listFavorites, readCatalog, repeat } from './clients.ts';
import { startMoodyHost, type MoodyHost } from './moody-host.ts';

/** What a process holds. */
interface Held {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly sockets: number;
}

/** How much more than at first a process may hold after a fault. */
const MORE: Held = { megabytes: 128, descriptors: 32, sockets: 8 };

/** What becomes of the favorites that clients add while a fault lasts: all are taken, some are refused, or none is added. */
type Favorites = 'taken' | 'refused' | 'none';

/** Where faults happen. */
export interface Stage {
  /** Where Paddock is. */
  readonly url: string;
  /** The instance that runs now. */
  paddock(): Instance;
  /** The hosts that fail. The others, `a` and `b`, stay online. */
  readonly frail: readonly MoodyHost[];
  /** IDs of favorites that were answered 2xx. */
  readonly confirmed: Set<string>;
  /** Lets faults happen under load, and sees that nothing but what they concern is harmed. */
  survives(fault: () => Promise<void>, favorites?: Favorites): Promise<void>;
  /** Ends Paddock as a power cut would, and starts it again. */
  restart(): Promise<void>;
  /** Adds a favorite; answers the status. */
  add(id: string): Promise<number | null>;
  close(): Promise<void>;
}

/** Which hosts are well. */
export const WELL = ['a', 'b'];

/** Which need not be. */
const FRAIL = ['faulty', 'frail'];

/** A name that no name server knows. */
const NOWHERE = 'nowhere=llama-swap://paddock-test.invalid';

/** Starts a Paddock and its hosts. */
export async function setStage(
  start: (settings: Record<string, string>) => Promise<Instance>,
): Promise<Stage> {
  const frail = await Promise.all(FRAIL.map(startMoodyHost));
  const hosts = [...(await Promise.all(WELL.map(startMoodyHost))), ...frail];
  const settings = {
    PROVIDERS: [
      ...hosts.map(({ name, port }) => `${name}=llama-swap://127.0.0.1:${port}`),
      NOWHERE,
    ].join(' '),
    PROBE_TIMEOUT_MS: '1500',
    CATALOG_TTL_MS: '200',
  };
  let paddock = await start(settings);
  const confirmed = new Set<string>();
  const stage: Stage = {
    get url() {
      return paddock.url;
    },
    paddock: () => paddock,
    frail,
    confirmed,
    async survives(fault, favorites = 'taken') {
      const load = startLoad(stage, favorites);
      try {
        await fault();
        await expect.poll(load.answered, { timeout: 10_000 }).toBeGreaterThan(20);
      } finally {
        for (const host of frail) host.turn(null);
        await load.stop();
      }
      expect(load.wrong).toEqual([]);
      await expectWell(stage, first);
    },
    async restart() {
      await paddock.kill();
      paddock = await start(settings);
      first = await warmUp(stage);
    },
    async add(id) {
      const status = await addFavorite(paddock.url, id);
      if (isTaken(status)) confirmed.add(id);
      return status;
    },
    async close() {
      await paddock.kill();
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
  let first = await warmUp(stage);
  return stage;
}

/** What a process holds once it has grown by what each does as it first does something. */
async function warmUp(stage: Stage): Promise<Held | null> {
  const load = startLoad(stage, 'refused');
  await sleep(1000);
  await load.stop();
  return hold(stage.paddock());
}

/** Chats, catalogs and favorites, all of them checked. */
function startLoad(stage: Stage, favorites: Favorites) {
  const wrong: string[] = [];
  let answered = 0;
  let added = stage.confirmed.size;
  const check = async (checking: Promise<string | null>) => {
    const fault = await checking.catch((error: unknown) => String(error));
    answered += 1;
    if (fault !== null) wrong.push(fault);
  };
  const stops = [
    ...[...WELL, ...WELL].map((name) => repeat(() => check(chatWith(stage.url, name)), 5)),
    repeat(() => check(readCatalog(stage.url, { well: WELL })), 50),
  ];
  if (favorites !== 'none') {
    const add = () => addAnother(stage, { id: `a/${(added += 1) % 400}`, favorites });
    stops.push(repeat(() => check(add()), 50));
  }
  return {
    wrong,
    answered: () => answered,
    stop: async () => void (await Promise.all(stops.map((stop) => stop()))),
  };
}

async function addAnother(
  stage: Stage,
  { id, favorites }: { id: string; favorites: Favorites },
): Promise<string | null> {
  const status = await stage.add(id);
  const isRight = isTaken(status) || (favorites === 'refused' && status === 503);
  return isRight ? null : `favorite ${id}: ${status}`;
}

function isTaken(status: number | null): boolean {
  return status === 200 || status === 201;
}

async function expectWell(stage: Stage, first: Held | null): Promise<void> {
  const { url, confirmed } = stage;
  // The host returns by itself, and is seen to.
  const well = [...WELL, ...FRAIL];
  await expect.poll(() => readCatalog(url, { well, query: '?refresh=1' })).toBeNull();
  // workerd may find out by a first request that a connection has ended; nothing is sent a second time.
  const chatWithAll = () => Promise.all(well.map((name) => chatWith(url, name)));
  await expect.poll(chatWithAll).toEqual(well.map(() => null));
  expect(await listFavorites(url)).toEqual(expect.arrayContaining([...confirmed]));
  expect(stage.paddock().output()).not.toMatch(/unhandled|uncaught|unforeseen|internal_error/i);
  if (first === null || findExcess(hold(stage.paddock()), first).length === 0) return;
  const findAfterSome = async () => {
    // Only what works collects its memory, and closes what was left open with it.
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(WELL.map((name) => chatWith(url, name)));
      await readCatalog(url, { well: WELL, query: '?refresh=1' });
    }
    return findExcess(hold(stage.paddock()), first);
  };
  await expect.poll(findAfterSome, { timeout: 25_000, interval: 250 }).toEqual([]);
}

function findExcess(now: Held | null, first: Held): string[] {
  if (now === null) return ['no process'];
  return (['megabytes', 'descriptors', 'sockets'] as const)
    .filter((what) => now[what] > first[what] + MORE[what])
    .map((what) => `${now[what]} ${what} instead of ${first[what]}`);
}

/** What a process holds now; null where that cannot be known. */
function hold({ pid }: Instance): Held | null {
  if (pid === null || process.platform !== 'linux') return null;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1]);
  const names = readdirSync(`/proc/${pid}/fd`);
  const targets = names.map((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      return '';
    }
  });
  return {
    megabytes: Math.round(kilobytes / 1024),
    descriptors: names.length,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
  };
}
