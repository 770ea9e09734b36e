// A Paddock with healthy and faulty providers, and the checks after each fault.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Instance } from '../runtimes/runtimes.ts';
import { addFavorite, chatWith, listFavorites, readCatalog, repeat } from './clients.ts';
import { startTestUpstream, type TestUpstream } from './test-upstream.ts';

/** Resources of a process. */
interface Resources {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly sockets: number;
}

/** The increase that is allowed after a fault. */
const ALLOWED_INCREASE: Resources = { megabytes: 128, descriptors: 32, sockets: 8 };

/** What happens to favorites during a fault: all are stored, some may be refused, or none is added. */
type Favorites = 'stored' | 'refused' | 'none';

/** A Paddock and its providers. */
export interface Stage {
  readonly url: string;
  /** The current instance. */
  paddock(): Instance;
  /** The providers that tests disturb. `a` and `b` stay healthy. */
  readonly disturbed: readonly TestUpstream[];
  /** IDs of favorites that were confirmed with 2xx. */
  readonly confirmed: Set<string>;
  /** Runs a fault under load and checks that nothing else was affected. */
  runFault(fault: () => Promise<void>, favorites?: Favorites): Promise<void>;
  /** Kills Paddock and starts it again. */
  restart(): Promise<void>;
  /** Adds a favorite and returns the status, or null without an answer. */
  add(id: string): Promise<number | null>;
  close(): Promise<void>;
}

/** The healthy providers. */
export const HEALTHY = ['a', 'b'];

/** The providers that tests disturb. */
const DISTURBED = ['faulty', 'disturbed'];

/** A provider with an unknown host name. */
const NOWHERE = 'nowhere=llama-swap://paddock-test.invalid';

/** Starts a Paddock and its providers. */
export async function startStage(
  start: (settings: Record<string, string>) => Promise<Instance>,
): Promise<Stage> {
  const disturbed = await Promise.all(DISTURBED.map(startTestUpstream));
  const hosts = [...(await Promise.all(HEALTHY.map(startTestUpstream))), ...disturbed];
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
    disturbed,
    confirmed,
    async runFault(fault, favorites = 'stored') {
      const load = startLoad(stage, favorites);
      try {
        await fault();
        await expect.poll(load.answered, { timeout: 10_000 }).toBeGreaterThan(20);
      } finally {
        for (const host of disturbed) host.setBehavior(null);
        await load.stop();
      }
      expect(load.wrong).toEqual([]);
      await expectHealthy(stage, first);
    },
    async restart() {
      await paddock.kill();
      paddock = await start(settings);
      first = await warmUp(stage);
    },
    async add(id) {
      const status = await addFavorite(paddock.url, id);
      if (isStored(status)) confirmed.add(id);
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

/** The resources of a process after its first requests. */
async function warmUp(stage: Stage): Promise<Resources | null> {
  const load = startLoad(stage, 'refused');
  await sleep(1000);
  await load.stop();
  return readResources(stage.paddock());
}

/** Sends chats and requests for the catalog and favorites until stopped, and checks all answers. */
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
    ...[...HEALTHY, ...HEALTHY].map((name) => repeat(() => check(chatWith(stage.url, name)), 20)),
    repeat(() => check(readCatalog(stage.url, { healthy: HEALTHY })), 50),
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
  const isRight = isStored(status) || (favorites === 'refused' && status === 503);
  return isRight ? null : `favorite ${id}: ${status}`;
}

function isStored(status: number | null): boolean {
  return status === 200 || status === 201;
}

async function expectHealthy(stage: Stage, first: Resources | null): Promise<void> {
  const { url, confirmed } = stage;
  // Providers return without a restart.
  const healthy = [...HEALTHY, ...DISTURBED];
  const soon = { timeout: 10_000 };
  await expect.poll(() => readCatalog(url, { healthy, query: '?refresh=1' }), soon).toBeNull();
  // On workerd, a first request may fail because its connection was closed: requests are not repeated.
  const chatWithAll = () => Promise.all(healthy.map((name) => chatWith(url, name)));
  await expect.poll(chatWithAll, soon).toEqual(healthy.map(() => null));
  expect(await listFavorites(url)).toEqual(expect.arrayContaining([...confirmed]));
  const unexpected = stage
    .paddock()
    .output()
    .split('\n')
    // workerd itself reports failed connections as uncaught exceptions.
    .filter((line) => !line.startsWith('workerd/'))
    .filter((line) => /unhandled|uncaught|unforeseen|internal_error/i.test(line));
  expect(unexpected).toEqual([]);
  if (first === null || findExcess(readResources(stage.paddock()), first).length === 0) return;
  const findAfterSome = async () => {
    // A process collects garbage, and closes what it holds, only while it works.
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(HEALTHY.map((name) => chatWith(url, name)));
      await readCatalog(url, { healthy: HEALTHY, query: '?refresh=1' });
    }
    return findExcess(readResources(stage.paddock()), first);
  };
  await expect.poll(findAfterSome, { timeout: 25_000, interval: 250 }).toEqual([]);
}

function findExcess(now: Resources | null, first: Resources): string[] {
  if (now === null) return ['no process'];
  return (['megabytes', 'descriptors', 'sockets'] as const)
    .filter((what) => now[what] > first[what] + ALLOWED_INCREASE[what])
    .map((what) => `${now[what]} ${what} instead of ${first[what]}`);
}

/** The current resources of a process, or null if they are unknown. */
function readResources({ pid }: Instance): Resources | null {
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
