import { joinBytes } from '../join-bytes.ts';

/** A body without the files that it holds, and the files. */
export interface CutBody {
  /** The body with each file cut down to its head and a mark. */
  readonly bytes: Uint8Array;
  readonly files: readonly Uint8Array[];
}

/** The least size of a file that is cut, in bytes. */
const LARGE = 64 * 1024;

/** How much of a file stays: its type shows there. */
const HEAD = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Characters for private use, which stand around the number of a file. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'u');
/** The first of them, escaped. */
const ESCAPED = /\\ue000/iu;

/**
 * Cuts the large base64 files out of a JSON body, so that 40 MB of pictures are neither parsed nor serialized, which would
 * hold up all other requests. A body that has the marks in a text of its own stays whole.
 */
export function cutFiles(bytes: Uint8Array): CutBody {
  const files: Uint8Array[] = [];
  const kept: Uint8Array[] = [];
  let at = 0;
  for (let open = findQuote(bytes, 0); bytes.length - open > LARGE && open !== -1;) {
    const end = findQuote(bytes, open + 1);
    if (end === -1) break;
    const file = bytes.subarray(open + 1 + HEAD, end);
    if (end - open > LARGE && isElement(bytes, open) && isFile(bytes.subarray(open + 1, end))) {
      const mark = new TextEncoder().encode(OPEN + String(files.length) + CLOSE);
      kept.push(bytes.subarray(at, open + 1 + HEAD), mark);
      files.push(file);
      at = end;
    }
    open = findQuote(bytes, end + 1);
  }
  if (files.length === 0) return { bytes, files };
  kept.push(bytes.subarray(at));
  const short = joinBytes(kept);
  const text = new TextDecoder().decode(short);
  const isUnclear = text.split(OPEN).length - 1 !== files.length || ESCAPED.test(text);
  return isUnclear ? { bytes, files: [] } : { bytes: short, files };
}

/** Encodes a text that was made from a cut body, with the files in place of their marks. */
export function pasteFiles(text: string, files: readonly Uint8Array[]): Uint8Array {
  const encoder = new TextEncoder();
  if (files.length === 0) return encoder.encode(text);
  // Every second part is the number of a file.
  const parts = text.split(MARK);
  const none = new Uint8Array(0);
  return joinBytes(
    parts.map((part, index) =>
      index % 2 === 0 ? encoder.encode(part) : (files[Number(part)] ?? none),
    ),
  );
}

/** Returns the offset of the next quote that no backslash escapes, or -1. */
function findQuote(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}

/** Whether the text at this offset is an element of an array, as images are. */
function isElement(bytes: Uint8Array, open: number): boolean {
  let before = open - 1;
  while (SPACES.has(bytes[before] ?? 0)) before -= 1;
  return bytes[before] === COMMA || bytes[before] === BRACKET;
}

/** Whether a text looks like base64 or a `data:` URL, and has no escapes. */
function isFile(text: Uint8Array): boolean {
  const head = new TextDecoder().decode(text.subarray(0, 1024));
  return /^[\w+/=:;,.-]+$/u.test(head) && text.indexOf(BACKSLASH) === -1;
}
