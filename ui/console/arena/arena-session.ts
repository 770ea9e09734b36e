import { createId } from '../completion/create-id.ts';
import { Dialogue } from '../completion/dialogue.ts';
import { NO_PARAMETERS, type Parameters } from '../completion/parameters.ts';

/** A model in the arena with its dialogue. */
export interface Contender {
  readonly id: string;
  /** The model ID. */
  readonly model: string;
  readonly dialogue: Dialogue;
}

/** The models to compare; the session lasts until the page is closed. */
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

  /** Calls the listener after every change. The returned function ends that. */
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

  /** Removes a model and stops its answer. */
  remove({ id, dialogue }: Contender): void {
    dialogue.stop();
    this.#contenders = this.#contenders.filter((it) => it.id !== id);
    this.#publish();
  }

  /** Replaces a model with another one that continues its dialogue. */
  change({ id }: Contender, model: string): void {
    this.#contenders = this.#contenders.map((it) => (it.id === id ? { ...it, model } : it));
    this.#publish();
  }

  /** Clears all dialogues and keeps the models. */
  clear(): void {
    const models = this.#contenders.map(({ model }) => model);
    this.stop();
    this.#contenders = [];
    for (const model of models) this.add(model);
  }

  /** Stops all answers in progress. */
  stop(): void {
    for (const { dialogue } of this.#contenders) dialogue.stop();
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

let session: ArenaSession | null = null;

/** Returns the page's only session. */
export function shareArenaSession(): ArenaSession {
  session ??= new ArenaSession();
  return session;
}
