import type { ProviderReport } from '../../fleet/answers.ts';
import { pageVisibility, type Visibility } from '../../fleet/visibility.ts';
import { read } from '../../fleet/gateway.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { pause } from '../pause.ts';
import { addSamples, type LatencyHistory } from './latency-history.ts';
import { NO_TIMES, noteLoaded, type LoadedTimes } from './loaded-times.ts';

/** How often to request the providers' status, in milliseconds. */
const INTERVAL_MS = 5000;

/**
 * Records the latency and the loaded models of all providers while the page is visible. It runs in every view, so
 * that the hosts view has some minutes of history when it opens.
 */
export class HostMonitor {
  readonly #feed: FleetFeed;
  readonly #visibility: Visibility;
  readonly #listeners = new Set<() => void>();
  #polling: AbortController | null = null;
  /** The last response; empty before the first. */
  reports: readonly ProviderReport[] = [];
  history: LatencyHistory = new Map();
  loadedTimes: LoadedTimes = NO_TIMES;

  constructor(feed: FleetFeed, visibility: Visibility = pageVisibility) {
    this.#feed = feed;
    this.#visibility = visibility;
  }

  /** Starts recording. The returned function ends it. */
  start(): () => void {
    const unsubscribeVisibility = this.#visibility.subscribe(() => this.#startOrStop());
    const unsubscribeFeed = this.#feed.subscribe(() => this.#noteLoaded());
    this.#startOrStop();
    return () => {
      unsubscribeVisibility();
      unsubscribeFeed();
      this.#stop();
    };
  }

  /** Calls the listener after every response. The returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #startOrStop(): void {
    if (!this.#visibility.isVisible()) return this.#stop();
    if (this.#polling !== null) return;
    this.#polling = new AbortController();
    void this.#run(this.#polling.signal);
  }

  #stop(): void {
    this.#polling?.abort();
    this.#polling = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Ignore failures: the feed reports a gateway that is offline, and the history has a gap.
      await this.#fetchReports(signal).catch(() => {});
      await pause(INTERVAL_MS, signal);
    }
  }

  async #fetchReports(signal: AbortSignal): Promise<void> {
    const path = '/api/providers';
    const { gateway } = this.#feed;
    const { providers } = await read<{ providers: ProviderReport[] }>(gateway, { path, signal });
    this.reports = providers;
    this.history = addSamples(this.history, providers);
    this.#noteLoaded();
    for (const listener of this.#listeners) listener();
  }

  #noteLoaded(): void {
    const { catalog, error } = this.#feed.state;
    if (catalog === null || error !== null) return;
    this.loadedTimes = noteLoaded(this.loadedTimes, { catalog, now: Date.now() });
  }
}
