import type { RequestLine } from '../exchange/request-line.ts';
import type { LogLevel } from '../registry/variables.ts';

/** Where the program says what happens to it. Nothing secret is passed to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  /** A line of its own for each request. */
  request(line: RequestLine): void;
  /** Whether lines of that level are written, so that others need not be made. */
  writes(level: LogLevel): boolean;
}
