/** The least size of the first array, in bytes. It is below eight times as much. Most bodies need no second array. */
const FIRST_BYTES = 32 * 1024;

/** The factor by which each array grows. Announced bytes usually arrive, so a larger factor saves copies. */
const FACTOR = { announced: 8, unknown: 2 };

/** Collects pieces of bytes in one array that grows with them, however much the client announces. */
export class GrowingBytes {
  readonly #max: number;
  readonly #factor: number;
  /** The size of the next array, in bytes. */
  #next = FIRST_BYTES;
  readonly #allocate: (bytes: number) => Uint8Array;
  readonly #hold: (bytes: number) => void;
  /** The first piece while it is the only one, so that a body of one piece is not copied. */
  #only: Uint8Array | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #size = 0;

  /** @param options the announced length or null, the most bytes allowed, and a callback for the size held */
  constructor(options: {
    length: number | null;
    maxBytes: number;
    hold?: (bytes: number) => void;
    allocate?: (bytes: number) => Uint8Array;
  }) {
    const { length, maxBytes } = options;
    this.#max = length ?? maxBytes;
    this.#factor = length === null ? FACTOR.unknown : FACTOR.announced;
    // Choose the first size so that the last step reaches exactly the announced length, without a further copy.
    for (let bytes = length ?? 0; bytes >= FIRST_BYTES; bytes /= this.#factor) {
      this.#next = Math.ceil(bytes);
    }
    this.#allocate = options.allocate ?? ((bytes) => new Uint8Array(bytes));
    this.#hold = options.hold ?? (() => {});
  }

  /** Adds a piece, which no other code may write to afterwards; returns false if there would be too many bytes. */
  add(piece: Uint8Array): boolean {
    const size = this.#size + piece.byteLength;
    if (size > this.#max) return false;
    this.#hold(size);
    if (this.#size === 0) this.#only = piece;
    else this.#append(piece, size);
    this.#size = size;
    return true;
  }

  finish(): Uint8Array {
    return this.#only ?? this.#bytes.subarray(0, this.#size);
  }

  #append(piece: Uint8Array, size: number): void {
    if (size > this.#bytes.byteLength) {
      while (this.#next < size) this.#next *= this.#factor;
      const larger = this.#allocate(Math.min(this.#next, this.#max));
      larger.set(this.finish());
      this.#only = null;
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
  }
}
