import { writeSync } from 'node:fs';

/** How much is taken before it is written, and for how long: in characters, and in milliseconds. */
const BATCH = 16_384;
const BATCH_MS = 100;
/** How much is held for a reader that does not read, or a disk that is full. What comes then is dropped, and counted. */
const MOST = 1 << 20;
/** How long a process that ends waits for such a reader, in milliseconds. */
const PATIENCE_MS = 1000;
/** How long until what could not be written is tried again, in milliseconds. */
const RETRY_MS = 50;

const NOTHING = new Uint8Array();

/**
 * Writes a log's lines to a file descriptor, in batches. Nothing waits for it, so the descriptor has to be one that refuses
 * what it cannot take: Node and Bun make pipes so when they open them as a standard stream.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #onDropped: (count: number) => void;
  #lines = '';
  /** What of an earlier batch is still to be written. */
  #rest: Uint8Array = NOTHING;
  #dropped = 0;
  #isStuck = false;
  /** Whether nobody will ever read it. */
  #isGone = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param onDropped is told how many lines were dropped when there is room again, and may write one */
  constructor(fd: number, onDropped: (count: number) => void) {
    this.#fd = fd;
    this.#onDropped = onDropped;
  }

  /** Takes a line, its end included. */
  write(line: string): void {
    if (this.#isGone) return;
    if (this.#held + line.length > MOST) {
      this.#dropped += 1;
      return;
    }
    this.#lines += line;
    if (this.#lines.length >= BATCH) this.flush();
    else this.#tryIn(BATCH_MS);
  }

  /** Writes what was taken, unless it was just seen that it cannot be. */
  flush(): void {
    if (!this.#isStuck) this.#try();
  }

  /** Writes what was taken as the process ends; a slow reader is waited for a little. */
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

  /** Answers the code of what stood in the way. */
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
    if (this.#dropped > 0 && this.#held < MOST / 2) {
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
