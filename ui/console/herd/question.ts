import { GatewayError, read, type Gateway } from '../../fleet/gateway.ts';

/** A resource of the gateway that is requested repeatedly: the last answer stays until the next one arrives. */
export class Question<Answer> {
  /** The last answer, or null before the first. */
  answer: Answer | null = null;
  /** The error of the last request, or null. */
  fault: string | null = null;
  isAsking = false;
  readonly #changed: () => void;
  #asking: AbortController | null = null;

  /** @param changed called after every change */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Sends the request. Cancels one that is in progress. */
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

  /** Cancels the request in progress. */
  cancel(): void {
    this.#asking?.abort();
    this.isAsking = false;
  }
}
