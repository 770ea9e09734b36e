import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Diagnosis, Favorite, Roles } from '../../herd/answers.ts';
import type { HerdFeed } from '../../herd/herd-feed.ts';
import { Question } from './question.ts';

/** Changes that come together are one occasion to ask, in milliseconds. */
const SETTLED_MS = 400;

/** What the herd's view asks beyond the catalog: again when the catalog or the favorites have changed, and when it is told to. */
export class HerdInquiry implements ReactiveController {
  readonly diagnosis: Question<Diagnosis>;
  readonly roles: Question<{ readonly roles: Roles }>;
  readonly favorites: Question<{ readonly favorites: readonly Favorite[] }>;
  /** What hosts have loaded, by their names. */
  readonly running = new Map<string, Question<unknown>>();
  /** When the doctor answered last, in milliseconds since 1970, or null. */
  checkedAt: number | null = null;
  readonly #changed: () => void;
  #feed: HerdFeed | null = null;
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

  /** Takes note of a herd as it is now, and asks where it is not what it was. */
  note(feed: HerdFeed | null): void {
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

  /** Asks everything, now. */
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

  /** Asks the hosts that can say so what they have loaded. */
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
