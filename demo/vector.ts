import { createHash } from 'node:crypto';

/** The inputs of a vector. */
export interface VectorOptions {
  model: string;
  text: string;
  /** The number of dimensions; 64 by default. */
  dimensions?: number;
}

/**
 * Returns a vector of length 1 that depends only on the model and the text, and is the same on every host. Each word has
 * a direction, so texts that share words are mostly closer than texts that do not.
 */
export function toVector({ model, text, dimensions = 64 }: VectorOptions): Float32Array {
  const words = toWords(text);
  const sum = new Float64Array(dimensions);
  for (const word of words) {
    for (const [index, value] of toDirection(`${model}\n${word}`, dimensions).entries()) {
      sum[index] = (sum[index] ?? 0) + value;
    }
  }
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}

/** Returns the words of a text, or the whole text if it has none. */
export function toWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
}

/** Returns this many numbers from -1 to 1, from a sequence of hashes. */
function toDirection(seed: string, dimensions: number): number[] {
  const values: number[] = [];
  for (let round = 0; values.length < dimensions; round += 1) {
    const hash = createHash('sha256').update(`${round}\n${seed}`).digest();
    for (const byte of hash) values.push(byte / 127.5 - 1);
  }
  return values.slice(0, dimensions);
}
