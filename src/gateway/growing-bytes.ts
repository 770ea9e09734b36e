/** How large the first array is, in bytes: most bodies need no other. */
const FIRST_BYTES = 256 * 1024;

/**
 * Bytes that arrive piece by piece, in one array that grows with them: whoever announces much and sends little, or sends
 * much in many small pieces, takes no more memory than is in proportion to what has come.
 */
export class GrowingBytes {
  readonly #most: number;
  readonly #factor: number;
  readonly #allocate: (bytes: number) => Uint8Array;
  /** The only piece so far: a body of one is not copied. */
  #only: Uint8Array | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #size = 0;

  /** @param options the length where it is announced, and the most that there can be */
  constructor(options: {
    length: number | null;
    maxBytes: number;
    allocate?: (bytes: number) => Uint8Array;
  }) {
    const { length, maxBytes, allocate = (bytes) => new Uint8Array(bytes) } = options;
    this.#most = length ?? maxBytes;
    // What is announced will mostly come: fewer steps are fewer copies.
    this.#factor = length === null ? 2 : 8;
    this.#allocate = allocate;
  }

  /** Takes a piece, which nobody else may write to; false where there would be too many bytes. */
  add(piece: Uint8Array): boolean {
    const size = this.#size + piece.byteLength;
    if (size > this.#most) return false;
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
      const wanted = Math.max(size, this.#bytes.byteLength * this.#factor, FIRST_BYTES);
      const larger = this.#allocate(Math.min(wanted, this.#most));
      larger.set(this.finish());
      this.#only = null;
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
  }
}
