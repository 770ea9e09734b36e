import { GatewayError } from '../../fleet/gateway-error.ts';
import { read, type Gateway } from '../../fleet/gateway.ts';

/** A resource of the gateway that is requested repeatedly: the last response stays until the next one arrives. */
export class Resource<Data> {
  /** The last response body, or null before the first. */
  data: Data | null = null;
  /** The error of the last request, or null. */
  fault: string | null = null;
  isLoading = false;
  readonly #onChange: () => void;
  #request: AbortController | null = null;

  /** @param onChange called after every change */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Sends the request. Cancels one that is in progress. */
  async load(gateway: Gateway, path: string): Promise<void> {
    this.cancel();
    const request = new AbortController();
    this.#request = request;
    this.isLoading = true;
    this.#onChange();
    try {
      const data = await read<Data>(gateway, { path, signal: request.signal });
      if (request.signal.aborted) return;
      this.data = data;
      this.fault = null;
    } catch (error) {
      if (request.signal.aborted) return;
      this.fault = error instanceof GatewayError ? error.message : String(error);
    }
    this.isLoading = false;
    this.#onChange();
  }

  /** Cancels the request in progress. */
  cancel(): void {
    this.#request?.abort();
    this.isLoading = false;
  }
}
