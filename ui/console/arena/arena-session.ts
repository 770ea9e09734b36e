import { createId } from '../completion/create-id.ts';
import { Dialogue } from '../completion/dialogue.ts';
import { NO_PARAMETERS, type Parameters } from '../completion/parameters.ts';

/** One model in the arena, and what was said with it. */
export interface Contender {
  readonly id: string;
  /** The model's ID. */
  readonly model: string;
  readonly dialogue: Dialogue;
}

/** The models that are set beside each other, until the page is closed. */
export class ArenaSession {
  readonly #listeners = new Set<() => void>();
  #contenders: readonly Contender[] = [];
  #parameters: Parameters = NO_PARAMETERS;

  get contenders(): readonly Contender[] {
    return this.#contenders;
  }

  get parameters(): Parameters {
    return this.#parameters;
  }

  set parameters(parameters: Parameters) {
    this.#parameters = parameters;
    this.#publish();
  }

  /** Calls back after every change, until the answer is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds a model. */
  add(model: string): void {
    const dialogue = new Dialogue([], () => this.#publish());
    this.#contenders = [...this.#contenders, { id: createId(), model, dialogue }];
    this.#publish();
  }

  /** Takes one away, ending what it is at. */
  remove({ id, dialogue }: Contender): void {
    dialogue.stop();
    this.#contenders = this.#contenders.filter((it) => it.id !== id);
    this.#publish();
  }

  /** Lets another model go on in one's place. */
  change({ id }: Contender, model: string): void {
    this.#contenders = this.#contenders.map((it) => (it.id === id ? { ...it, model } : it));
    this.#publish();
  }

  /** Forgets what was said, and keeps the models. */
  clear(): void {
    const models = this.#contenders.map(({ model }) => model);
    this.stop();
    this.#contenders = [];
    for (const model of models) this.add(model);
  }

  /** Ends everything that is under way. */
  stop(): void {
    for (const { dialogue } of this.#contenders) dialogue.stop();
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

let session: ArenaSession | null = null;

/** The one session of this page. */
export function shareArenaSession(): ArenaSession {
  session ??= new ArenaSession();
  return session;
}
