/** How large the first array is at least, in bytes, and below eight times as much: most bodies need no other. */
const FIRST_BYTES = 32 * 1024;

/** By how much each is larger than the one before: what is announced will mostly come, and fewer steps are fewer copies. */
const FACTOR = { announced: 8, unknown: 2 };

/**
 * Bytes that arrive piece by piece, in one array that grows with them: whoever announces much and sends little, or sends
 * much in many small pieces, takes no more memory than is in proportion to what has come.
 */
export class GrowingBytes {
  readonly #most: number;
  readonly #factor: number;
  /** How large the next array is to be. */
  #next = FIRST_BYTES;
  readonly #allocate: (bytes: number) => Uint8Array;
  readonly #hold: (bytes: number) => void;
  /** The only piece so far: a body of one is not copied. */
  #only: Uint8Array | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #size = 0;

  /** @param options the length where it is announced, the most that there can be, and what is told of its size */
  constructor(options: {
    length: number | null;
    maxBytes: number;
    hold?: (bytes: number) => void;
    allocate?: (bytes: number) => Uint8Array;
  }) {
    const {
      length,
      maxBytes,
      hold = () => {},
      allocate = (bytes) => new Uint8Array(bytes),
    } = options;
    this.#most = length ?? maxBytes;
    this.#factor = length === null ? FACTOR.unknown : FACTOR.announced;
    // The last step is to be a whole one, after which nothing more is copied.
    for (let bytes = length ?? 0; bytes >= FIRST_BYTES; bytes /= this.#factor) {
      this.#next = Math.ceil(bytes);
    }
    this.#allocate = allocate;
    this.#hold = hold;
  }

  /** Takes a piece, which nobody else may write to; false where there would be too many bytes. */
  add(piece: Uint8Array): boolean {
    const size = this.#size + piece.byteLength;
    if (size > this.#most) return false;
    this.#hold(size);
    if (this.#size === 0) this.#only = piece;
    else this.#append(piece, size);
    this.#size = size;
    return true;
  }

  /** All that has come. */
  finish(): Uint8Array {
    return this.#only ?? this.#bytes.subarray(0, this.#size);
  }

  #append(piece: Uint8Array, size: number): void {
    if (size > this.#bytes.byteLength) {
      while (this.#next < size) this.#next *= this.#factor;
      const larger = this.#allocate(Math.min(this.#next, this.#most));
      larger.set(this.finish());
      this.#only = null;
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
  }
}
