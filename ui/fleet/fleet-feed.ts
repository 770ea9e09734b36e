import { pageVisibility, type Visibility } from './visibility.ts';
import type { Catalog } from './catalog.ts';
import { GatewayError } from './gateway-error.ts';
import { read, send, type Gateway } from './gateway.ts';
import { readEvents } from './read-events.ts';
import {
  moveItem,
  withFavorites,
  type FavoriteChange,
  type FavoriteMove,
} from './with-favorites.ts';

/** The page's state of a gateway's catalog. Immutable. */
export interface FleetState {
  /** Null until the first fetch; kept while the gateway is offline. */
  readonly catalog: Catalog | null;
  /** Changes whenever the favorites change, hidden ones included; null until the gateway has sent it. */
  readonly favoritesTag: string | null;
  /** The reason why the catalog is not up to date, or null if it is. */
  readonly error: GatewayError | null;
}

/** A gateway's catalog, kept up to date while there are subscribers and the page is visible. */
export interface FleetFeed {
  readonly gateway: Gateway;
  readonly state: FleetState;
  /** Calls the listener after every change. The returned function ends that. */
  subscribe(listener: () => void): () => void;
  /**
   * Adds a model to the favorites or removes it. The change shows immediately, and is undone if the gateway refuses
   * it.
   * @throws {GatewayError} if the gateway refuses the change
   */
  setFavorite(id: string, favorite: boolean): Promise<void>;
  /**
   * Moves a favorite to another one's place. The new order shows immediately, and is undone if the gateway refuses it.
   * @throws {GatewayError} if the gateway refuses the order
   */
  moveFavorite(move: FavoriteMove): Promise<void>;
  /** Ends the pause before the next attempt. */
  retry(): void;
}

/** The pause before a failed gateway is retried, in milliseconds: it doubles after every attempt, up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** How often an order of the favorites is written while other clients change them. */
const ORDER_ATTEMPTS = 3;

/** How often a gateway without an event stream is polled, in milliseconds. */
const POLL_MS = 5000;

/**
 * How long after a write the catalog is fetched once more, in milliseconds. The gateway sends no event for a change
 * that is undone between two of its own comparisons, so a page that fetched in between would stay out of date.
 */
const REFETCH_MS = 500;

/** The longest silence before a stream counts as dead, in milliseconds: the gateway writes a comment every 15 s. */
const SILENCE_MS = 40_000;

/**
 * The longest wait for the first event, in milliseconds. The gateway sends one immediately: if none arrives, a proxy
 * buffers the stream.
 */
const FIRST_EVENT_MS = 5000;

/** Creates the feed of a gateway. It sends no request before the first subscription. */
export function createFleetFeed(
  gateway: Gateway,
  visibility: Visibility = pageVisibility,
): FleetFeed {
  return new Feed(gateway, visibility);
}

class Feed implements FleetFeed {
  readonly gateway: Gateway;
  readonly #visibility: Visibility;
  readonly #listeners = new Set<() => void>();
  readonly #pending = new Set<FavoriteChange>();
  #state: FleetState = { catalog: null, favoritesTag: null, error: null };
  /**
   * The catalog as the gateway last sent it, without pending changes. The etag is empty after a local write has
   * changed the catalog.
   */
  #received: { readonly catalog: Catalog; readonly etag: string } | null = null;
  #following: AbortController | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #refetchTimer: ReturnType<typeof setTimeout> | undefined;
  #unsubscribeVisibility = () => {};
  #wake = () => {};

  constructor(gateway: Gateway, visibility: Visibility) {
    this.gateway = gateway;
    this.#visibility = visibility;
  }

  get state(): FleetState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#unsubscribeVisibility = this.#visibility.subscribe(() => this.#startOrStop());
      this.#startOrStop();
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#unsubscribeVisibility();
      this.#stop();
    };
  }

  setFavorite(id: string, favorite: boolean): Promise<void> {
    const path = `/api/favorites/${encodeURIComponent(id)}`;
    return this.#change({ id, favorite }, () =>
      send(this.gateway, { path, method: favorite ? 'PUT' : 'DELETE' }),
    );
  }

  moveFavorite(move: FavoriteMove): Promise<void> {
    return this.#change(move, () => this.#writeOrder(move));
  }

  /** Shows a change immediately and writes it after all earlier ones: later writes build on their order. */
  async #change(change: FavoriteChange, write: () => Promise<unknown>): Promise<void> {
    this.#pending.add(change);
    this.#publish({});
    const written = this.#writing.then(() => this.#write(change, write));
    this.#writing = written.catch(() => {});
    await written;
  }

  retry(): void {
    this.#wake();
  }

  async #write(change: FavoriteChange, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.#applyChange(change);
      this.#refetchLater();
    } finally {
      this.#pending.delete(change);
      this.#publish({});
    }
  }

  /** Writes the order of all favorites, also of those that the catalog hides. */
  async #writeOrder({ id, target }: FavoriteMove, attempts = ORDER_ATTEMPTS): Promise<void> {
    const path = '/api/favorites';
    const { favorites } = await read<{ favorites: { id: string }[] }>(this.gateway, { path });
    const ids = favorites.map((favorite) => favorite.id);
    const order = moveItem(ids, { from: ids.indexOf(id), to: ids.indexOf(target) });
    try {
      await send(this.gateway, {
        path,
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ids: order }),
      });
    } catch (error) {
      // Another client has added or removed a favorite since the read.
      const isOutdated = error instanceof GatewayError && error.status === 409;
      if (!isOutdated || attempts === 1) throw error;
      await this.#writeOrder({ id, target }, attempts - 1);
    }
  }

  /** Applies a stored change to the last catalog, until the next fetch. */
  #applyChange(change: FavoriteChange): void {
    if (this.#received === null) return;
    this.#received = { catalog: withFavorites(this.#received.catalog, [change]), etag: '' };
  }

  #refetchLater(): void {
    clearTimeout(this.#refetchTimer);
    const signal = this.#following?.signal;
    if (signal === undefined) return;
    // Ignore a failure here: the loop in `#run` detects a gateway that is offline.
    this.#refetchTimer = setTimeout(
      () => void this.#fetchCatalog(signal).catch(() => {}),
      REFETCH_MS,
    );
  }

  /** Starts to follow the gateway if the page is visible and has subscribers, and stops otherwise. */
  #startOrStop(): void {
    if (!this.#visibility.isVisible() || this.#listeners.size === 0) return this.#stop();
    if (this.#following !== null) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  #stop(): void {
    clearTimeout(this.#refetchTimer);
    this.#following?.abort();
    this.#following = null;
    this.#wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.#fetchCatalog(signal);
        pauseMs = FIRST_PAUSE_MS;
        if (!(await this.#follow(signal))) await this.#pause(POLL_MS, signal);
      } catch (cause) {
        if (signal.aborted) return;
        this.#publish({ error: asGatewayError(cause) });
        await this.#pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Reads the gateway's events until the stream ends. Returns false if the gateway has no event stream. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const stream = await this.#openEvents(signal);
    if (stream === null) return false;
    const silence = { firstMs: FIRST_EVENT_MS, thenMs: SILENCE_MS };
    try {
      for await (const { event, data } of readEvents(stream, { silence })) {
        if (event === 'catalog' && data !== this.#received?.etag) await this.#fetchCatalog(signal);
        if (event === 'favorites') this.#publish({ favoritesTag: data });
      }
    } catch (error) {
      // A broken stream is opened again; that attempt detects a gateway that is offline.
      if (signal.aborted || error instanceof GatewayError) throw error;
    }
    await this.#pause(FIRST_PAUSE_MS, signal);
    return true;
  }

  async #openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
    try {
      const { headers, body } = await send(this.gateway, {
        path: '/api/events?topics=catalog,favorites',
        signal,
      });
      return headers.get('content-type')?.startsWith('text/event-stream') === true ? body : null;
    } catch (error) {
      if (error instanceof GatewayError && error.status !== null) return null;
      throw error;
    }
  }

  async #fetchCatalog(signal: AbortSignal): Promise<void> {
    const received = this.#received;
    const etag = received?.etag ?? '';
    const headers = etag === '' ? {} : { 'if-none-match': etag };
    const response = await send(this.gateway, { path: '/api/models', headers, signal });
    if (response.status !== 304) {
      const catalog = (await response.json()) as Catalog;
      // A response that a write has overtaken may lack that write, so drop it: the catalog is fetched again after
      // REFETCH_MS.
      if (this.#received === received || this.#received?.etag !== '') {
        this.#received = { catalog, etag: response.headers.get('etag') ?? '' };
      }
    }
    this.#publish({ error: null });
  }

  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #publish(change: Partial<FleetState>): void {
    const catalog =
      this.#received === null ? null : withFavorites(this.#received.catalog, this.#pending);
    this.#state = { ...this.#state, ...change, catalog };
    for (const listener of this.#listeners) listener();
  }
}

function asGatewayError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const message = 'The response of the gateway is not a list of models.';
  return new GatewayError(message, { status: null, code: null, cause });
}
