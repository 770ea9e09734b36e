/** A replacement of the bytes from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

interface Piece {
  readonly from: number;
  readonly end: number;
  to: number;
}

/**
 * Applies edits, which must be sorted and must not overlap. Without edits it returns the same bytes.
 *
 * If the result is no larger than `bytes`, it is a view of them: `bytes` is overwritten. The longest piece between two
 * edits stays in place if possible, so that a long body with edits near one end is hardly copied.
 */
export function spliceBytes(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return bytes;
  const { pieces, length } = layOut(bytes, edits);
  const slack = bytes.length - length;
  if (slack >= 0) {
    const longest = pieces.reduce((a, b) => (b.end - b.from > a.end - a.from ? b : a));
    const offset = Math.min(Math.max(longest.from - longest.to, 0), slack);
    const result = bytes.subarray(offset, offset + length);
    movePieces(bytes, { pieces, offset });
    writeEdits(result, { pieces, edits });
    return result;
  }
  const result = new Uint8Array(length);
  for (const { from, end, to } of pieces) result.set(bytes.subarray(from, end), to);
  writeEdits(result, { pieces, edits });
  return result;
}

/** Computes the pieces that are kept and their new offsets, with the edits' bytes between them. */
function layOut(bytes: Uint8Array, edits: readonly Edit[]) {
  const pieces: Piece[] = [];
  let from = 0;
  let to = 0;
  for (const edit of edits) {
    pieces.push({ from, end: edit.start, to });
    to += edit.start - from + edit.bytes.length;
    from = edit.end;
  }
  pieces.push({ from, end: bytes.length, to });
  return { pieces, length: to + bytes.length - from };
}

// Pieces keep their order, so pieces that move right never overlap pieces that move left. Within each direction, the piece
// furthest in that direction moves first: no piece is overwritten before it has moved.
function movePieces(bytes: Uint8Array, move: { pieces: readonly Piece[]; offset: number }): void {
  const { pieces, offset } = move;
  for (const { from, end, to } of pieces) {
    if (to + offset < from) bytes.copyWithin(to + offset, from, end);
  }
  for (const { from, end, to } of pieces.toReversed()) {
    if (to + offset > from) bytes.copyWithin(to + offset, from, end);
  }
}

function writeEdits(
  result: Uint8Array,
  written: { pieces: readonly Piece[]; edits: readonly Edit[] },
): void {
  for (const [index, { from, end, to }] of written.pieces.entries()) {
    const edit = written.edits[index];
    if (edit !== undefined) result.set(edit.bytes, to + end - from);
  }
}
