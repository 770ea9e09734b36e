import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Diagnosis, Favorite, Roles } from '../../fleet/answers.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { Resource } from './resource.ts';

/** Changes within this time cause only one round of requests, in milliseconds. */
const SETTLED_MS = 400;

/**
 * The data that the hosts view needs beyond the catalog. Requests it again when the catalog or the favorites have
 * changed, and on demand.
 */
export class HostsLoader implements ReactiveController {
  readonly diagnosis: Resource<Diagnosis>;
  readonly roles: Resource<{ readonly roles: Roles }>;
  readonly favorites: Resource<{ readonly favorites: readonly Favorite[] }>;
  /** The running models by the provider's name. */
  readonly running = new Map<string, Resource<unknown>>();
  /** The time of the doctor's last response, in milliseconds since 1970, or null. */
  checkedAt: number | null = null;
  readonly #onChange: () => void;
  #feed: FleetFeed | null = null;
  #catalogTime: string | null = null;
  #favoritesTag: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#onChange = () => host.requestUpdate();
    this.diagnosis = new Resource(this.#onChange);
    this.roles = new Resource(this.#onChange);
    this.favorites = new Resource(this.#onChange);
    host.addController(this);
  }

  /** Compares the feed's state with the last one, and sends requests if it has changed. */
  update(feed: FleetFeed | null): void {
    const isOtherFeed = feed !== this.#feed;
    this.#feed = feed;
    const { catalog, favoritesTag } = feed?.state ?? { catalog: null, favoritesTag: null };
    const catalogTime = catalog?.generatedAt ?? null;
    const isFirst = isOtherFeed || this.#catalogTime === null;
    const hasCatalogChanged =
      catalogTime !== null && (isOtherFeed || catalogTime !== this.#catalogTime);
    const haveFavoritesChanged = favoritesTag !== this.#favoritesTag;
    this.#catalogTime = catalogTime ?? this.#catalogTime;
    this.#favoritesTag = favoritesTag;
    if (hasCatalogChanged) this.#loadSoon(isFirst ? 0 : SETTLED_MS);
    else if (haveFavoritesChanged && catalogTime !== null) this.#loadFavorites();
  }

  /** Sends all requests now. */
  async loadAll(): Promise<void> {
    const gateway = this.#feed?.gateway;
    if (gateway === undefined) return;
    void this.roles.load(gateway, '/api/roles');
    this.#loadFavorites();
    this.loadRunning();
    await this.diagnosis.load(gateway, '/api/doctor');
    if (this.diagnosis.fault === null) this.checkedAt = Date.now();
    this.#onChange();
  }

  /** Requests the running models of all online providers that report them. */
  loadRunning(): void {
    const { gateway, state } = this.#feed ?? {};
    if (gateway === undefined) return;
    for (const { name, can, status } of state?.catalog?.providers ?? []) {
      if (!can.running || status !== 'online') {
        this.running.delete(name);
        continue;
      }
      const resource = this.running.get(name) ?? new Resource(this.#onChange);
      this.running.set(name, resource);
      if (!resource.isLoading) void resource.load(gateway, `/api/providers/${name}/running`);
    }
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#catalogTime = null;
    for (const resource of [this.diagnosis, this.roles, this.favorites, ...this.running.values()]) {
      resource.cancel();
    }
  }

  #loadSoon(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.loadAll(), milliseconds);
  }

  #loadFavorites(): void {
    if (this.#feed !== null) void this.favorites.load(this.#feed.gateway, '/api/favorites');
  }
}
