import { isUnderWay, type Answer } from './answer.ts';
import { createId } from './create-id.ts';
import type { Exchange } from './exchange.ts';
import { generate, type Ask, type Generation } from './generate.ts';

/** A question to a model. */
export interface Question extends Omit<Ask, 'history'> {
  /** The exchange in whose place this one stands; all that came after it goes. */
  readonly inPlaceOf?: string;
}

/** Questions and answers in their order, of which the last may be under way. It lives on when nobody shows it. */
export class Dialogue {
  #exchanges: readonly Exchange[];
  #generation: Generation | null = null;
  readonly #onChange: () => void;

  /** `onChange` is called whenever the exchanges have changed, at most once a frame while an answer comes. */
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
    return this.answer !== null && this.#generation !== null && isUnderWay(this.answer);
  }

  /** Asks, ending an answer that is under way. */
  ask({ inPlaceOf, ...question }: Question): void {
    this.stop();
    const at = this.#exchanges.findIndex(({ id }) => id === inPlaceOf);
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

  /** Ends the answer that is under way, here and on its host. */
  stop(): void {
    if (this.#generation === null || !isUnderWay(this.#generation.answer)) return;
    this.#generation.stop();
    const { answer } = this.#generation;
    this.#generation = null;
    const last = this.#exchanges.at(-1);
    if (last !== undefined)
      this.#exchanges = [...this.#exchanges.slice(0, -1), { ...last, answer }];
    this.#onChange();
  }
}
