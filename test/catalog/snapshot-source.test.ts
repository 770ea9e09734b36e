import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { ProbeResult } from '../../src/catalog/probe.ts';
import { createSnapshotSource } from '../../src/catalog/snapshot-source.ts';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import type { Provider } from '../../src/registry/provider.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const TTL = 5000;
const START = Date.UTC(2026, 10, 22);
const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();

/** A clock that jumps to the next sleeper that is due when all work is asleep. */
function createFakeClock(): Clock {
  let now = 0;
  let sleepers: { due: number; wake: () => void }[] = [];
  async function pass(): Promise<void> {
    while (sleepers.length > 0) {
      await setImmediate();
      const due = Math.min(...sleepers.map((sleeper) => sleeper.due));
      const next = sleepers.find((sleeper) => sleeper.due === due);
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      now = due;
      next?.wake();
    }
  }
  return {
    wall: () => START + now,
    monotonic: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ due: now + milliseconds, wake });
        if (sleepers.length === 1) void pass();
      }),
    after: () => () => {},
  };
}

/** Providers whose probes take the given milliseconds, one number for each probe; the last number repeats. */
function setUp(hosts: Record<string, number[]>, timeoutMs = 2000) {
  const clock = createFakeClock();
  const names = Object.keys(hosts);
  const entries = names.map((name) => `${name}=llama-swap://${name}?timeout=${timeoutMs}`);
  const { providers } = parseSettings({ PROVIDERS: entries.join(' ') }).registry;
  const probes: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  async function probe({ name }: Provider): Promise<ProbeResult> {
    const count = probes[name] ?? 0;
    probes[name] = count + 1;
    const takes = hosts[name]?.[count] ?? hosts[name]?.at(-1) ?? 0;
    if (takes === Infinity) await new Promise(() => {});
    await clock.sleep(takes);
    return { status: 'online', error: null, latencyMs: takes, models: [], loaded: new Map() };
  }
  const source = createSnapshotSource({
    providers: [...providers.values()],
    probe,
    contexts: {
      load: async () => new Map(),
      learn: (known) => known,
      save: async () => {},
    },
    clock,
    ttlMs: TTL,
    onSnapshot: () => {},
  });
  const background = (work: Promise<void>) => void work;
  const read = (refresh = false) => source.read({ refresh, background });
  return { clock, probes, read, peek: () => source.peek(background), last: source.last };
}

const checked = (snapshot: Snapshot | null) =>
  Object.fromEntries(
    [...(snapshot?.results ?? [])].map(([name, { checkedAt }]) => [name, checkedAt]),
  );

describe('the first request', () => {
  test('waits for every provider, and records when each was checked', async () => {
    const { clock, read } = setUp({ fast: [10], slow: [1500] });
    const snapshot = await read();
    expect(checked(snapshot)).toEqual({ fast: at(10), slow: at(1500) });
    expect(snapshot.takenAt).toBe(at(1500));
    expect(clock.monotonic()).toBe(1500);
  });

  test('is answered at once without providers', async () => {
    const { clock, read } = setUp({});
    expect((await read()).results.size).toBe(0);
    expect(clock.monotonic()).toBeLessThan(10);
  });

  test('shares one round with forty-nine others', async () => {
    const { probes, read } = setUp({ fast: [10], slow: [1500] });
    const snapshots = await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(probes).toEqual({ fast: 1, slow: 1 });
    expect(new Set(snapshots).size).toBe(1);
  });

  test('joins the round of a peek', async () => {
    const { probes, clock, peek, read } = setUp({ host: [100] });
    peek();
    await clock.sleep(60);
    expect(checked(await read())).toEqual({ host: at(100) });
    expect(probes).toEqual({ host: 1 });
  });

  test('starts the first round: nothing probes without a request', async () => {
    const { clock, probes } = setUp({ host: [10] });
    await clock.sleep(100 * TTL);
    expect(probes).toEqual({ host: 0 });
  });
});

describe('a fresh snapshot', () => {
  it.each([0, 1, TTL - 1])('of %i ms is served unchanged', async (age) => {
    const { clock, probes, read } = setUp({ host: [10] });
    const first = await read();
    await clock.sleep(age);
    expect(await read()).toBe(first);
    expect(clock.monotonic()).toBe(10 + age);
    expect(probes).toEqual({ host: 1 });
  });

  test('is replaced for a request that refreshes, which waits for every provider', async () => {
    const { clock, probes, read } = setUp({ fast: [10], slow: [10, 1500] });
    await read();
    await clock.sleep(90);
    expect(checked(await read(true))).toEqual({ fast: at(110), slow: at(1600) });
    expect(probes).toEqual({ fast: 2, slow: 2 });
  });

  test('is refreshed once for fifty concurrent requests', async () => {
    const { probes, read } = setUp({ host: [10] });
    await read();
    await Promise.all(Array.from({ length: 50 }, () => read(true)));
    expect(probes).toEqual({ host: 2 });
  });
});

describe('a stale snapshot', () => {
  it.each([TTL, 12 * TTL])('of %i ms is served at once, while one round runs', async (age) => {
    const { clock, probes, read } = setUp({ host: [10, 1500] });
    const first = await read();
    await clock.sleep(age);
    const reads = Array.from({ length: 50 }, () => read());
    for (const snapshot of await Promise.all(reads)) expect(snapshot).toBe(first);
    expect(clock.monotonic()).toBe(10 + age);
    expect(probes).toEqual({ host: 2 });
    await clock.sleep(1500);
    expect(checked(await read())).toEqual({ host: at(10 + age + 1500) });
    expect(probes).toEqual({ host: 2 });
  });

  test('is served until its round has ended', async () => {
    const { clock, probes, read } = setUp({ host: [10, 1500] });
    const first = await read();
    await clock.sleep(TTL);
    await read();
    await clock.sleep(1499);
    expect(await read()).toBe(first);
    await clock.sleep(1);
    expect(await read()).not.toBe(first);
    expect(probes).toEqual({ host: 2 });
  });
});

describe('a snapshot older than twelve TTLs', () => {
  const old = 12 * TTL + 1;

  test('waits 300 ms for its round, then is served with the results so far', async () => {
    const { clock, read } = setUp({ fast: [10], slow: [10, 1500] });
    await read();
    await clock.sleep(old);
    const began = clock.monotonic();
    const snapshot = await read();
    expect(clock.monotonic() - began).toBe(300);
    expect(checked(snapshot)).toEqual({ fast: at(began + 10), slow: at(10) });
    expect(snapshot.takenAt).toBe(at(began + 300));
  });

  test('waits no longer than its round takes', async () => {
    const { clock, read } = setUp({ fast: [10], slow: [20] });
    await read();
    await clock.sleep(old);
    const began = clock.monotonic();
    expect(checked(await read())).toEqual({ fast: at(began + 10), slow: at(began + 20) });
    expect(clock.monotonic() - began).toBeLessThan(30);
  });

  it.each([
    [200, 300],
    [299, 300],
    [400, 400],
  ])('is served to a request %i ms into the round at %i ms', async (arrival, served) => {
    const { clock, probes, read } = setUp({ fast: [10], slow: [10, 1500] });
    await read();
    await clock.sleep(old);
    const began = clock.monotonic();
    const first = read();
    await clock.sleep(arrival);
    const snapshot = await read();
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(served);
    expect(clock.monotonic() - began).toBeLessThan(served + 5);
    expect(checked(snapshot)).toEqual({ fast: at(began + 10), slow: at(10) });
    await first;
    expect(probes).toEqual({ fast: 2, slow: 2 });
  });

  test('is the same for all waiting requests, and complete after its round', async () => {
    const { clock, probes, read } = setUp({ fast: [10], slow: [10, 1500] });
    await read();
    await clock.sleep(old);
    const began = clock.monotonic();
    const snapshots = await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(new Set(snapshots).size).toBe(1);
    await clock.sleep(1200);
    expect(checked(await read())).toEqual({ fast: at(began + 10), slow: at(began + 1500) });
    expect(probes).toEqual({ fast: 2, slow: 2 });
  });
});

describe('a round that hangs', () => {
  test('is abandoned one second after the longest timeout', async () => {
    const { clock, read } = setUp({ fast: [10], dead: [Infinity] }, 2000);
    const snapshot = await read();
    expect(clock.monotonic()).toBe(3000);
    expect(checked(snapshot)).toEqual({ fast: at(10) });
  });

  test('is replaced after it is abandoned, and not before', async () => {
    const { clock, probes, read } = setUp({ fast: [10], dead: [Infinity, 20] }, 2000);
    const waiting = read();
    await clock.sleep(2900);
    const joined = read();
    await Promise.all([waiting, joined]);
    expect(probes).toEqual({ fast: 1, dead: 1 });
    await clock.sleep(1);
    const began = clock.monotonic();
    expect(checked(await read())).toEqual({ fast: at(began + 10), dead: at(began + 20) });
    expect(probes).toEqual({ fast: 2, dead: 2 });
  });

  test('delays no request for a stale snapshot, and is replaced', async () => {
    const { clock, probes, read } = setUp({ host: [10, Infinity, 20] }, 2000);
    const first = await read();
    await clock.sleep(TTL);
    expect(await read()).toBe(first);
    await clock.sleep(3000);
    expect(await read()).toBe(first);
    expect(probes).toEqual({ host: 2 });
    await clock.sleep(1);
    const began = clock.monotonic();
    expect(await read()).toBe(first);
    await clock.sleep(25);
    expect(checked(await read())).toEqual({ host: at(began + 20) });
    expect(probes).toEqual({ host: 3 });
  });

  test('is ignored when it ends after its replacement', async () => {
    const { clock, read } = setUp({ host: [3500, 20] }, 2000);
    await read();
    await clock.sleep(1);
    const began = clock.monotonic();
    const second = await read();
    await clock.sleep(1000);
    expect(await read()).toBe(second);
    expect(checked(second)).toEqual({ host: at(began + 20) });
  });
});

describe('a peek', () => {
  test('answers null at first without waiting, and starts a round', async () => {
    const { clock, peek, probes } = setUp({ host: [10] });
    expect(peek()).toBeNull();
    expect(peek()).toBeNull();
    expect(clock.monotonic()).toBe(0);
    await clock.sleep(20);
    expect(checked(peek())).toEqual({ host: at(10) });
    expect(probes).toEqual({ host: 1 });
  });

  it.each([
    [0, 1],
    [TTL - 1, 1],
    [TTL, 2],
    [100 * TTL, 2],
  ])('answers a snapshot of %i ms unchanged; then %i rounds have run', async (...row) => {
    const [age, rounds] = row;
    const { clock, peek, probes, read } = setUp({ host: [10] });
    const first = await read();
    await clock.sleep(age);
    expect(peek()).toBe(first);
    expect(clock.monotonic()).toBe(10 + age);
    expect(probes).toEqual({ host: rounds });
  });
});

test('last() answers a snapshot of any age, and probes no provider', async () => {
  const { clock, last, probes, read } = setUp({ host: [10] });
  expect(last()).toBeNull();
  await clock.sleep(TTL);
  expect(last()).toBeNull();
  const first = await read();
  await clock.sleep(100 * TTL);
  expect(last()).toBe(first);
  expect(probes).toEqual({ host: 1 });
});

test('keeps the last result of a provider when Paddock itself is out of file descriptors', async () => {
  const { providers } = parseSettings({
    PROVIDERS: 'known=llama-swap://k new=llama-swap://n',
  }).registry;
  const online = {
    status: 'online',
    error: null,
    latencyMs: 1,
    models: [],
    loaded: new Map(),
  } as const;
  const error = { code: 'overloaded', message: 'No file descriptors are left.' };
  const unasked = {
    status: 'offline',
    error,
    latencyMs: null,
    models: [],
    loaded: new Map(),
  } as const;
  const results = new Map<string, ProbeResult[]>([
    ['known', [online, unasked]],
    ['new', [unasked, unasked]],
  ]);
  const source = createSnapshotSource({
    providers: [...providers.values()],
    probe: async ({ name }) => results.get(name)?.shift() ?? unasked,
    contexts: { load: async () => new Map(), learn: (known) => known, save: async () => {} },
    clock: createFakeClock(),
    ttlMs: TTL,
    onSnapshot: () => {},
  });
  const read = () => source.read({ refresh: true, background: (work) => void work });
  const before = (await read()).results;
  expect(before.get('new')).toMatchObject({ status: 'offline', error });
  const after = (await read()).results;
  expect(after.get('known')).toBe(before.get('known'));
  expect(after.get('new')).toBe(before.get('new'));
});
