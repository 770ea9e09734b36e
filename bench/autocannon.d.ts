// The package brings no types: this is the little of it that the benchmark uses.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  /** One run of load; a duration is in seconds. */
  interface Options {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly connections: number;
    readonly duration: number;
    /** How often it looks whether it is over, in milliseconds. */
    readonly sampleInt: number;
    readonly setupClient: (client: Client) => void;
  }

  /** One connection. */
  interface Client {
    readonly pipelinedRequests: { addBody(chunk: Uint8Array): void };
  }

  interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  }

  /** Emits `response` with the client, the status, the bytes and the milliseconds of each answer. */
  export default function autocannon(options: Options): EventEmitter & PromiseLike<Result>;
}
