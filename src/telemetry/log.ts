import type { Delivery, Exchange } from './exchange.ts';

/** Where the program says what happens to it. Nothing secret is passed to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  /** A line of its own for each request that has ended. */
  request(exchange: Exchange, delivery: Delivery): void;
}
