import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Diagnosis, Favorite, Roles } from '../../fleet/answers.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { Question } from './question.ts';

/** Changes within this time cause only one round of requests, in milliseconds. */
const SETTLED_MS = 400;

/**
 * The data that the herd view needs beyond the catalog. Requests it again when the catalog or the favorites have
 * changed, and on demand.
 */
export class HerdInquiry implements ReactiveController {
  readonly diagnosis: Question<Diagnosis>;
  readonly roles: Question<{ readonly roles: Roles }>;
  readonly favorites: Question<{ readonly favorites: readonly Favorite[] }>;
  /** The running models by the provider's name. */
  readonly running = new Map<string, Question<unknown>>();
  /** The time of the doctor's last response, in milliseconds since 1970, or null. */
  checkedAt: number | null = null;
  readonly #changed: () => void;
  #feed: FleetFeed | null = null;
  #catalogTime: string | null = null;
  #favoritesTag: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#changed = () => host.requestUpdate();
    this.diagnosis = new Question(this.#changed);
    this.roles = new Question(this.#changed);
    this.favorites = new Question(this.#changed);
    host.addController(this);
  }

  /** Compares the feed's state with the last one, and sends requests if it has changed. */
  note(feed: FleetFeed | null): void {
    const isOther = feed !== this.#feed;
    this.#feed = feed;
    const { catalog, favoritesTag } = feed?.state ?? { catalog: null, favoritesTag: null };
    const catalogTime = catalog?.generatedAt ?? null;
    const isFirst = isOther || this.#catalogTime === null;
    const isChanged = catalogTime !== null && (isOther || catalogTime !== this.#catalogTime);
    const isReordered = favoritesTag !== this.#favoritesTag;
    this.#catalogTime = catalogTime ?? this.#catalogTime;
    this.#favoritesTag = favoritesTag;
    if (isChanged) this.#askSoon(isFirst ? 0 : SETTLED_MS);
    else if (isReordered && catalogTime !== null) this.#askFavorites();
  }

  /** Sends all requests now. */
  async check(): Promise<void> {
    const gateway = this.#feed?.gateway;
    if (gateway === undefined) return;
    void this.roles.ask(gateway, '/api/roles');
    this.#askFavorites();
    this.askRunning();
    await this.diagnosis.ask(gateway, '/api/doctor');
    if (this.diagnosis.fault === null) this.checkedAt = Date.now();
    this.#changed();
  }

  /** Requests the running models of all online providers that report them. */
  askRunning(): void {
    const { gateway, state } = this.#feed ?? {};
    if (gateway === undefined) return;
    for (const { name, can, status } of state?.catalog?.providers ?? []) {
      if (!can.running || status !== 'online') {
        this.running.delete(name);
        continue;
      }
      const question = this.running.get(name) ?? new Question(this.#changed);
      this.running.set(name, question);
      if (!question.isAsking) void question.ask(gateway, `/api/providers/${name}/running`);
    }
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#catalogTime = null;
    for (const question of [this.diagnosis, this.roles, this.favorites, ...this.running.values()]) {
      question.cancel();
    }
  }

  #askSoon(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), milliseconds);
  }

  #askFavorites(): void {
    if (this.#feed !== null) void this.favorites.ask(this.#feed.gateway, '/api/favorites');
  }
}
