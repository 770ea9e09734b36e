import { writeSync } from 'node:fs';

/** The size and age at which a batch is written: in characters, and in milliseconds. */
const BATCH = 16_384;
const BATCH_MS = 100;
/** How much is held for a reader that does not read, in characters and bytes. Further lines are dropped. */
const MAX_HELD = 1 << 20;
/** How long an ending process waits for such a reader, in milliseconds. */
const PATIENCE_MS = 1000;
/** The delay before a failed write is tried again, in milliseconds. */
const RETRY_MS = 50;

const NOTHING = new Uint8Array();

/** Writes a log in batches, without waiting, to a descriptor that refuses what it cannot accept. */
export class LogOutput {
  readonly #fd: number;
  readonly #onDropped: (count: number) => void;
  #lines = '';
  /** The unwritten rest of an earlier batch. */
  #rest: Uint8Array = NOTHING;
  #dropped = 0;
  #isStuck = false;
  /** Whether the reader is gone for good. */
  #isGone = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param onDropped receives the number of dropped lines when there is room again, and may write a line */
  constructor(fd: number, onDropped: (count: number) => void) {
    this.#fd = fd;
    this.#onDropped = onDropped;
  }

  /** Adds a line, including its line break. */
  write(line: string): void {
    if (this.#isGone) return;
    if (this.#held + line.length > MAX_HELD) {
      this.#dropped += 1;
      return;
    }
    this.#lines += line;
    if (this.#lines.length >= BATCH) this.flush();
    else this.#tryIn(BATCH_MS);
  }

  /** Writes the held lines, unless the last write failed. */
  flush(): void {
    if (!this.#isStuck) this.#try();
  }

  /** Writes the held lines when the process ends. It waits briefly for a slow reader. */
  end(): void {
    const until = performance.now() + PATIENCE_MS;
    while (this.#try() === 'EAGAIN' && performance.now() < until) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }

  get #held(): number {
    return this.#lines.length + this.#rest.length;
  }

  #tryIn(ms: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#try();
    }, ms).unref();
  }

  /** Tries to write. Returns the error code of a failure, or null. */
  #try(): string | null {
    const fault = this.#isGone ? null : this.#writeOut();
    this.#isStuck = fault !== null;
    if (fault === 'EPIPE' || fault === 'EBADF') {
      this.#isGone = true;
      this.#lines = '';
      this.#rest = NOTHING;
    } else if (fault !== null) {
      this.#tryIn(RETRY_MS);
    }
    if (this.#dropped > 0 && this.#held < MAX_HELD / 2) {
      const count = this.#dropped;
      this.#dropped = 0;
      this.#onDropped(count);
    }
    return fault;
  }

  #writeOut(): string | null {
    try {
      while (this.#held > 0) {
        if (this.#rest.length === 0) {
          this.#rest = Buffer.from(this.#lines);
          this.#lines = '';
        }
        this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
      }
      return null;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  }
}
