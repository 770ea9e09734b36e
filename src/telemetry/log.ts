import type { Delivery, Exchange } from './exchange.ts';

/** The program's log. Callers must not pass secrets to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  /** Logs one line for a request that has ended. */
  request(exchange: Exchange, delivery: Delivery): void;
}
