/** Where the program says what happens to it. Nothing secret is passed to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
}
