import { GatewayError, read, type Gateway } from '../../herd/gateway.ts';

/** Something that is asked of the gateway again and again: the last answer stays until the next is there. */
export class Question<Answer> {
  /** The last answer, or null before the first. */
  answer: Answer | null = null;
  /** Why there was no answer the last time, or null. */
  fault: string | null = null;
  isAsking = false;
  readonly #changed: () => void;
  #asking: AbortController | null = null;

  /** @param changed called after every change */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Asks; what was still being asked is given up. */
  async ask(gateway: Gateway, path: string): Promise<void> {
    this.cancel();
    const asking = new AbortController();
    this.#asking = asking;
    this.isAsking = true;
    this.#changed();
    try {
      const answer = await read<Answer>(gateway, { path, signal: asking.signal });
      if (asking.signal.aborted) return;
      this.answer = answer;
      this.fault = null;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.fault = error instanceof GatewayError ? error.message : String(error);
    }
    this.isAsking = false;
    this.#changed();
  }

  /** Gives up what is being asked. */
  cancel(): void {
    this.#asking?.abort();
    this.isAsking = false;
  }
}
