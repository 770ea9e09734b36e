import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen, type Listener } from '../../../demo/listen.ts';
import type { Database } from '../../../src/database/database.ts';
import type { Visibility } from '../../../ui/fleet/visibility.ts';
import { createFleetFeed, type FleetFeed } from '../../../ui/fleet/fleet-feed.ts';
import { startModels, whileTesting, type Host } from '../../hosts.ts';
import { makeApp } from '../../make-app.ts';

interface Served {
  readonly host: Host;
  readonly src: string;
  close(): Promise<void>;
  /** Listens on the same port again. */
  open(): Promise<void>;
}

/** A gateway on a socket with one provider `a` and its models m and n. Can refuse requests. */
async function serve(
  options: {
    database?: Database;
    refuse?: (request: Request) => boolean;
    /** The delay of writes in milliseconds. */
    delayMs?: number;
    /** The delay of the catalog's answer in milliseconds. */
    lateMs?: number;
  } = {},
): Promise<Served> {
  const host = await whileTesting(startModels(['m', 'n']));
  const settings = { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`, CATALOG_TTL_MS: '50' };
  const app = makeApp(settings, options);
  const answer = async (request: Request) => {
    if (options.refuse?.(request) === true) return new Response('No such page', { status: 404 });
    if (request.method !== 'GET') await sleep(options.delayMs ?? 0);
    const { pathname, search } = new URL(request.url);
    const answered = await app.ask(pathname + search, request);
    if (pathname === '/api/models') await sleep(options.lateMs ?? 0);
    return answered;
  };
  let listener: Listener | null = await listen(answer);
  const { port, url } = listener;
  const close = async () => {
    await listener?.close();
    listener = null;
  };
  onTestFinished(close);
  return {
    host,
    src: url,
    close,
    open: async () => void (listener = await listen(answer, { port })),
  };
}

/** A page visibility that a test sets. */
function createVisibility(isVisibleAtFirst = true) {
  let isVisible = isVisibleAtFirst;
  const listeners = new Set<() => void>();
  const visibility: Visibility = {
    isVisible: () => isVisible,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const setVisible = (next: boolean) => {
    isVisible = next;
    for (const listener of listeners) listener();
  };
  return { visibility, setVisible, listeners };
}

function follow(src: string, visibility = createVisibility().visibility): FleetFeed {
  const feed = createFleetFeed({ src, key: null }, visibility);
  onTestFinished(feed.subscribe(() => {}));
  return feed;
}

/** Reads the stored order of the favorites, including hidden ones. */
async function storedBy(src: string): Promise<string[]> {
  const { favorites } = await (await fetch(`${src}/api/favorites`)).json();
  return favorites.map(({ id }: { id: string }) => id);
}
const favoritesOf = ({ state }: FleetFeed) => state.catalog?.favorites.map(({ id }) => id);
const listedBy = (feed: FleetFeed) =>
  vi.waitFor(() => expect(feed.state.catalog?.providers[0]?.models).toHaveLength(2), 5000);
const seen = (check: () => void, timeout = 5000) => vi.waitFor(check, { timeout, interval: 20 });

describe('a feed', () => {
  it('sends requests only while it has a subscriber and the page is visible', async () => {
    const { host, src } = await serve();
    const { visibility, setVisible, listeners } = createVisibility(false);
    const feed = createFleetFeed({ src, key: null }, visibility);
    const leave = feed.subscribe(() => {});
    await sleep(150);
    expect([host.requests, feed.state.catalog]).toEqual([[], null]);
    setVisible(true);
    await listedBy(feed);
    await seen(() => expect(host.requests.length).toBeGreaterThan(4));
    setVisible(false);
    await sleep(300);
    const before = host.requests.length;
    await sleep(600);
    expect(host.requests.length).toBe(before);
    setVisible(true);
    await seen(() => expect(host.requests.length).toBeGreaterThan(before));
    leave();
    expect(listeners.size).toBe(0);
  });

  it('shows a new favorite at once, and keeps it', async () => {
    const { src } = await serve();
    const feed = follow(src);
    await listedBy(feed);
    const adding = feed.setFavorite('a/n', true);
    expect(favoritesOf(feed)).toEqual(['a/n']);
    await adding;
    expect(favoritesOf(feed)).toEqual(['a/n']);
    const removing = feed.setFavorite('a/n', false);
    expect(favoritesOf(feed)).toEqual([]);
    await removing;
    expect(favoritesOf(feed)).toEqual([]);
  });

  it('keeps the order of favorites that are added faster than the gateway answers', async () => {
    const { src } = await serve();
    const feed = follow(src);
    await listedBy(feed);
    await Promise.all([feed.setFavorite('a/n', true), feed.setFavorite('a/m', true)]);
    expect(favoritesOf(feed)).toEqual(['a/n', 'a/m']);
    await Promise.all([true, false, true, false].map((on) => feed.setFavorite('a/n', on)));
    expect(favoritesOf(feed)).toEqual(['a/m']);
  });

  it('moves a favorite at once, past hidden ones, and keeps the order', async () => {
    const { src } = await serve({ delayMs: 30 });
    const feed = follow(src);
    await listedBy(feed);
    for (const id of ['a/n', 'a/gone', 'a/m']) {
      await fetch(`${src}/api/favorites/${encodeURIComponent(id)}`, { method: 'PUT' });
    }
    await seen(() => expect(favoritesOf(feed)).toEqual(['a/n', 'a/m']));
    const moving = feed.moveFavorite({ id: 'a/m', target: 'a/n' });
    expect(favoritesOf(feed)).toEqual(['a/m', 'a/n']);
    await moving;
    expect(favoritesOf(feed)).toEqual(['a/m', 'a/n']);
    expect(await storedBy(src)).toEqual(['a/m', 'a/n', 'a/gone']);
  });

  it('moves a favorite while another client adds one', async () => {
    let orders = 0;
    const refuse = ({ method, url }: Request) => {
      if (method === 'PUT' && new URL(url).pathname === '/api/favorites') orders += 1;
      return false;
    };
    const { src } = await serve({ delayMs: 100, refuse });
    const feed = follow(src);
    await listedBy(feed);
    await feed.setFavorite('a/n', true);
    await feed.setFavorite('a/m', true);
    // The gateway adds it after the feed has read the order, and before it gets the new one.
    const adding = fetch(`${src}/api/favorites/a%2Fother`, { method: 'PUT' });
    await feed.moveFavorite({ id: 'a/m', target: 'a/n' });
    await adding;
    expect(orders).toBe(2);
    expect(await storedBy(src)).toEqual(['a/m', 'a/n', 'a/other']);
  });

  it('reverts an order that the gateway refuses, and reports the reason', async () => {
    const refuse = ({ method, url }: Request) => method === 'PUT' && url.endsWith('/api/favorites');
    const { src } = await serve({ refuse });
    const feed = follow(src);
    await listedBy(feed);
    await feed.setFavorite('a/n', true);
    await feed.setFavorite('a/m', true);
    const moving = feed.moveFavorite({ id: 'a/m', target: 'a/n' });
    expect(favoritesOf(feed)).toEqual(['a/m', 'a/n']);
    await expect(moving).rejects.toThrow('No such page');
    expect(favoritesOf(feed)).toEqual(['a/n', 'a/m']);
  });

  it('shows only the last change while earlier ones are in progress', async () => {
    const { src } = await serve({ delayMs: 60 });
    const feed = follow(src);
    await listedBy(feed);
    const writes = [true, false, true].map((favorite) => feed.setFavorite('a/n', favorite));
    const shown = new Set<string>();
    onTestFinished(feed.subscribe(() => void shown.add(String(favoritesOf(feed)))));
    await Promise.all(writes);
    await sleep(700);
    expect([...shown]).toEqual(['a/n']);
  });

  it('ignores a catalog that is older than the last change', async () => {
    const { src } = await serve({ lateMs: 300 });
    const feed = follow(src);
    await listedBy(feed);
    await feed.setFavorite('a/n', true);
    // A catalog with the favorite is on its way now.
    await sleep(600);
    const shown: unknown[] = [];
    const removing = feed.setFavorite('a/n', false);
    onTestFinished(feed.subscribe(() => void shown.push(favoritesOf(feed))));
    await removing;
    await sleep(1200);
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.flat()).toEqual([]);
  });

  it('shows a favorite that another program adds again right after it was removed here', async () => {
    const { src } = await serve();
    const feed = follow(src);
    await listedBy(feed);
    const star = () => fetch(`${src}/api/favorites/a%2Fm`, { method: 'PUT' });
    await star();
    await seen(() => expect(favoritesOf(feed)).toEqual(['a/m']));
    // The gateway's events may never have reported the removal.
    for (let round = 0; round < 3; round += 1) {
      await feed.setFavorite('a/m', false);
      await star();
      await seen(() => expect(favoritesOf(feed)).toEqual(['a/m']));
    }
  });

  it('reverts a favorite when the gateway refuses it, and reports the reason', async () => {
    const refuse = (request: Request) => request.method === 'PUT';
    const { src } = await serve({ refuse });
    const feed = follow(src);
    await listedBy(feed);
    const adding = feed.setFavorite('a/n', true);
    expect(favoritesOf(feed)).toEqual(['a/n']);
    await expect(adding).rejects.toThrow('No such page');
    expect(favoritesOf(feed)).toEqual([]);
  });

  it.each([
    ['pushes', () => false, 2000],
    ['cannot push', (request: Request) => request.url.includes('/api/events'), 8000],
  ])('shows a favorite of another client when the gateway %s', async (_name, refuse, within) => {
    const { src } = await serve({ refuse });
    const [one, other] = [follow(src), follow(src)];
    await Promise.all([listedBy(one), listedBy(other)]);
    await sleep(100);
    await one.setFavorite('a/m', true);
    await seen(() => expect(favoritesOf(other)).toEqual(['a/m']), within);
  });

  it('shows a provider that goes offline and returns', async () => {
    const { host, src } = await serve();
    const feed = follow(src);
    await listedBy(feed);
    await host.close();
    await seen(() => expect(feed.state.catalog?.providers[0]?.status).toBe('offline'));
    expect(feed.state.error).toBeNull();
    await whileTesting(startModels(['m', 'n'], host.port));
    await listedBy(feed);
  });

  it('reports that the gateway is gone, keeps its catalog, and recovers', async () => {
    const { src, close, open } = await serve();
    const feed = follow(src);
    await listedBy(feed);
    await close();
    await seen(() => expect(feed.state.error?.message).toMatch(/does not respond/u));
    expect(feed.state.catalog?.providers).toHaveLength(1);
    await open();
    await seen(() => expect(feed.state.error).toBeNull(), 8000);
  });

  it('reports an answer that is not a catalog', async () => {
    const { url, close } = await listen(async () => new Response('<html>hello</html>'));
    onTestFinished(close);
    const feed = follow(url);
    await seen(() => expect(feed.state.error?.message).toMatch(/not a list of models/u));
  });

  it('changes its favorites tag whenever the favorites change', async () => {
    const { src } = await serve();
    const feed = follow(src);
    await seen(() => expect(feed.state.favoritesTag).toMatch(/^W\//u));
    const before = feed.state.favoritesTag;
    await feed.setFavorite('a/m', true);
    await seen(() => expect(feed.state.favoritesTag).not.toBe(before));
  });
});
