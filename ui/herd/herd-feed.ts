import { pageAttention, type Attention } from './attention.ts';
import type { Catalog } from './catalog.ts';
import { GatewayError, send, type Gateway } from './gateway.ts';
import { readEvents } from './read-events.ts';
import { withFavorites, type Wish } from './with-favorites.ts';

/** What is known of the herd. Never changed once made. */
export interface HerdState {
  /** Null until it was first fetched; kept while the gateway is away. */
  readonly catalog: Catalog | null;
  /** Changes whenever the favorites do, hidden ones included; null until the gateway said so. */
  readonly favoritesTag: string | null;
  /** Why the catalog is not up to date, or null where it is. */
  readonly trouble: GatewayError | null;
}

/** One gateway's herd, kept up to date for as long as somebody subscribes and looks. */
export interface HerdFeed {
  readonly gateway: Gateway;
  readonly state: HerdState;
  /** Calls back after every change, until the answer is called. */
  subscribe(listener: () => void): () => void;
  /**
   * Makes a model a favorite, or no longer: seen at once, and taken back where the gateway refuses.
   * @throws {GatewayError} with the refusal
   */
  setFavorite(id: string, favorite: boolean): Promise<void>;
  /** Asks again at once, where it is waiting for its next try. */
  retry(): void;
}

/** How long a gateway that is away is left alone, in milliseconds: twice as long after every try, up to the last. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** How often a gateway is asked that cannot push, in milliseconds. */
const POLL_MS = 5000;

/**
 * How long after a write the catalog is asked for once more, in milliseconds. What is undone between two looks of the gateway
 * is no change to its events, and a page that saw the middle of it would not be told.
 */
const SETTLED_MS = 500;

/** Longer silence than this means that a stream is dead: the gateway writes a comment every 15 s. */
const SILENCE_MS = 40_000;

/** The gateway speaks as soon as it is asked: where nothing arrives, something between holds events back. */
const FIRST_EVENT_MS = 5000;

/** Makes the feed of a gateway. It asks for nothing until somebody subscribes. */
export function createHerdFeed(gateway: Gateway, attention: Attention = pageAttention): HerdFeed {
  return new Feed(gateway, attention);
}

class Feed implements HerdFeed {
  readonly gateway: Gateway;
  readonly #attention: Attention;
  readonly #listeners = new Set<() => void>();
  readonly #wishes = new Map<string, Wish>();
  #state: HerdState = { catalog: null, favoritesTag: null, trouble: null };
  /** The catalog as the gateway last told it, without wishes; the validator is empty where a write has changed it since. */
  #told: { readonly catalog: Catalog; readonly etag: string } | null = null;
  #following: AbortController | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #settling: ReturnType<typeof setTimeout> | undefined;
  #unwatch = () => {};
  #wake = () => {};

  constructor(gateway: Gateway, attention: Attention) {
    this.gateway = gateway;
    this.#attention = attention;
  }

  get state(): HerdState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#unwatch = this.#attention.watch(() => this.#attend());
      this.#attend();
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#unwatch();
      this.#stop();
    };
  }

  async setFavorite(id: string, favorite: boolean): Promise<void> {
    const wish = { favorite };
    this.#wishes.set(id, wish);
    this.#publish({});
    // One after the other: the order of the writes is the order of the favorites.
    const mine = this.#writing.then(() => this.#write(id, wish));
    this.#writing = mine.catch(() => {});
    await mine;
  }

  retry(): void {
    this.#wake();
  }

  async #write(id: string, wish: Wish): Promise<void> {
    try {
      const path = `/api/favorites/${encodeURIComponent(id)}`;
      await send(this.gateway, { path, method: wish.favorite ? 'PUT' : 'DELETE' });
      this.#fulfil(id, wish);
      this.#settle();
    } finally {
      // A later wish stands until the gateway has heard that one.
      if (this.#wishes.get(id) === wish) this.#wishes.delete(id);
      this.#publish({});
    }
  }

  /** Takes a wish that the gateway has agreed to for told, until it tells the catalog anew. */
  #fulfil(id: string, wish: Wish): void {
    if (this.#told === null) return;
    const catalog = withFavorites(this.#told.catalog, new Map([[id, wish]]));
    this.#told = { catalog, etag: '' };
  }

  #settle(): void {
    clearTimeout(this.#settling);
    const signal = this.#following?.signal;
    if (signal === undefined) return;
    // Whether the gateway is gone is for those to find out who follow it.
    this.#settling = setTimeout(() => void this.#fetchCatalog(signal).catch(() => {}), SETTLED_MS);
  }

  /** Follows the gateway where somebody looks, and stops where nobody does. */
  #attend(): void {
    if (!this.#attention.isPaid() || this.#listeners.size === 0) return this.#stop();
    if (this.#following !== null) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  #stop(): void {
    clearTimeout(this.#settling);
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
        this.#publish({ trouble: toTrouble(cause) });
        await this.#pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Reads the gateway's events until their stream ends; false where it cannot push. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const stream = await this.#openEvents(signal);
    if (stream === null) return false;
    const silence = { firstMs: FIRST_EVENT_MS, thenMs: SILENCE_MS };
    try {
      for await (const { event, data } of readEvents(stream, { silence })) {
        if (event === 'catalog' && data !== this.#told?.etag) await this.#fetchCatalog(signal);
        if (event === 'favorites') this.#publish({ favoritesTag: data });
      }
    } catch (error) {
      // A stream that breaks off is opened again; whether the gateway is gone is for that to find out.
      if (signal.aborted || error instanceof GatewayError) throw error;
    }
    await this.#pause(FIRST_PAUSE_MS, signal);
    return true;
  }

  async #openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
    try {
      const { headers, body } = await send(this.gateway, { path: '/api/events', signal });
      return headers.get('content-type')?.startsWith('text/event-stream') === true ? body : null;
    } catch (error) {
      if (error instanceof GatewayError && error.status !== null) return null;
      throw error;
    }
  }

  async #fetchCatalog(signal: AbortSignal): Promise<void> {
    const told = this.#told;
    const etag = told?.etag ?? '';
    const headers = etag === '' ? {} : { 'if-none-match': etag };
    const response = await send(this.gateway, { path: '/api/models', headers, signal });
    if (response.status !== 304) {
      const catalog = (await response.json()) as Catalog;
      // What was written while it was on its way it may not know of. It is asked for again when that has settled.
      if (this.#told === told || this.#told?.etag !== '') {
        this.#told = { catalog, etag: response.headers.get('etag') ?? '' };
      }
    }
    this.#publish({ trouble: null });
  }

  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #publish(change: Partial<HerdState>): void {
    const catalog = this.#told === null ? null : withFavorites(this.#told.catalog, this.#wishes);
    this.#state = { ...this.#state, ...change, catalog };
    for (const listener of this.#listeners) listener();
  }
}

function toTrouble(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const message = 'The gateway answers with something that is not its list of models.';
  return new GatewayError(message, { status: null, code: null, cause });
}
