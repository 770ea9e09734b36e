import { isInProgress, type Answer } from './answer.ts';
import { createId } from './create-id.ts';
import type { Exchange } from './exchange.ts';
import { generate, type GenerationRequest, type Generation } from './generate.ts';

/** A question to a model. */
export interface Question extends Omit<GenerationRequest, 'history'> {
  /** The exchange to replace; all later exchanges are removed too. */
  readonly replaces?: string;
}

/**
 * Questions and answers in order; the last answer may be in progress. A dialogue continues while no element shows it.
 */
export class Dialogue {
  #exchanges: readonly Exchange[];
  #generation: Generation | null = null;
  readonly #onChange: () => void;

  /** `onChange` is called after every change of the exchanges, at most once a frame while an answer streams. */
  constructor(exchanges: readonly Exchange[], onChange: () => void) {
    this.#exchanges = exchanges;
    this.#onChange = onChange;
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** The last answer, or null. */
  get answer(): Answer | null {
    return this.#exchanges.at(-1)?.answer ?? null;
  }

  get isBusy(): boolean {
    return this.answer !== null && this.#generation !== null && isInProgress(this.answer);
  }

  /** Sends a question. Stops an answer that is in progress. */
  ask({ replaces, ...question }: Question): void {
    this.stop();
    const at = this.#exchanges.findIndex(({ id }) => id === replaces);
    const history = at < 0 ? this.#exchanges : this.#exchanges.slice(0, at);
    const { text, images } = question;
    const id = createId();
    const show = (answer: Answer) => {
      this.#exchanges = this.#exchanges.map((it) => (it.id === id ? { ...it, answer } : it));
      this.#onChange();
    };
    this.#generation = generate({ ...question, history }, show);
    this.#exchanges = [...history, { id, text, images, answer: this.#generation.answer }];
    this.#onChange();
  }

  /** Stops the answer in progress, on this page and on its provider. */
  stop(): void {
    if (this.#generation === null || !isInProgress(this.#generation.answer)) return;
    this.#generation.stop();
    const { answer } = this.#generation;
    this.#generation = null;
    const last = this.#exchanges.at(-1);
    if (last !== undefined)
      this.#exchanges = [...this.#exchanges.slice(0, -1), { ...last, answer }];
    this.#onChange();
  }
}
