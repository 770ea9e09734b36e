/** Replaces each secret in a text with a mark. */
export type Redact = (text: string) => string;

const MARK = '[redacted]';

/** Secrets shorter than this may be parts of ordinary words, so they match only as whole words. Length in characters. */
const SHORT = 8;

/** The shortest beginning of a secret that is masked where a text was cut off, in characters. */
const LEAST_PART = 4;

/** How many levels of percent-encoding are decoded. */
const MAX_ENCODED = 3;

/** Creates the function that removes secrets from texts: in plain text, percent-encoded and cut off. */
export function createRedact(secrets: readonly string[]): Redact {
  // Longest first: a shorter secret may be a part of a longer one.
  const known = [...new Set(secrets)].filter(Boolean).toSorted((a, b) => b.length - a.length);
  const shortest = known.at(-1)?.length ?? Number.POSITIVE_INFINITY;
  const masks = known.map(toMask);
  const mask = (text: string): string => {
    const masked = masks.reduce((rest, each) => each(rest), text);
    return masked.includes('…') ? maskParts(masked, known) : masked;
  };
  return (text) => {
    // Fast path: a text that is shorter than every secret and not cut off contains none.
    if (text.length < shortest && !text.includes('…')) return text;
    const masked = mask(text);
    return masked.includes('%') ? maskEncoded(masked, mask) : masked;
  };
}

function toMask(secret: string): Redact {
  if (secret.length >= SHORT) {
    return (text) => (text.includes(secret) ? text.replaceAll(secret, MARK) : text);
  }
  const escaped = secret.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
  return (text) => (text.includes(secret) ? text.replaceAll(whole, MARK) : text);
}

/** Masks the beginning of a secret before an ellipsis. */
function maskParts(text: string, known: readonly string[]): string {
  const pieces = text.split('…');
  const last = pieces.pop() ?? '';
  const masked = pieces.map((piece) => {
    const part = known.flatMap((secret) => findPart(piece, secret))[0];
    return part === undefined ? piece : piece.slice(0, -part.length) + MARK;
  });
  return [...masked, last].join('…');
}

function findPart(text: string, secret: string): string[] {
  for (let length = Math.min(secret.length - 1, text.length); length >= LEAST_PART; length -= 1) {
    const part = secret.slice(0, length);
    if (text.endsWith(part)) return [part];
  }
  return [];
}

/** Masks secrets that appear only after decoding; the text around them then stays decoded. */
function maskEncoded(text: string, mask: Redact): string {
  let decoded = text;
  for (let turn = 0; turn < MAX_ENCODED; turn += 1) {
    const before = decoded;
    // Secrets are ASCII, so only ASCII has to be decoded.
    decoded = before.replaceAll(/%([0-7][\da-f])/giu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (decoded === before) return text;
    const masked = mask(decoded);
    if (masked !== decoded) return masked.replaceAll(/[\p{Cc} ]/gu, encodeURIComponent);
  }
  return text;
}
