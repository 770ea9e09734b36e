import type { RequestLine } from '../exchange/request-line.ts';

/** Where the program says what happens to it. Nothing secret is passed to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  /** A line of its own for each request. */
  request(line: RequestLine): void;
}
