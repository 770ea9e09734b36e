/** Puts a mark in place of each secret that stands in a text. */
export type Redact = (text: string) => string;

const MARK = '[redacted]';

/** Shorter secrets are words like others: they are looked for only where nothing of a longer word stands beside them. */
const SHORT = 8;

/** How much of a secret's beginning counts as a part of it, where a text was cut off. */
const LEAST_PART = 4;

/** How often a text may have been percent-encoded. */
const MOST_ENCODED = 3;

/**
 * Makes what keeps secrets out of logs, traces and errors, wherever a client writes one: in a path, a model's name, a
 * method. Each is found as it is, percent-encoded, and where a text was cut off within it.
 */
export function createRedact(secrets: readonly string[]): Redact {
  // The longest first: a shorter one may be a part of it.
  const known = [...new Set(secrets)].filter(Boolean).toSorted((a, b) => b.length - a.length);
  const shortest = known.at(-1)?.length ?? Number.POSITIVE_INFINITY;
  const masks = known.map(toMask);
  const mask = (text: string): string => {
    const masked = masks.reduce((rest, each) => each(rest), text);
    return masked.includes('…') ? maskParts(masked, known) : masked;
  };
  return (text) => {
    // Nearly always there is none, and to look is cheap.
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

/** Masks what stands before an ellipsis and is the beginning of a secret. */
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

/** Masks what is a secret only once it is decoded; the text around it then stays decoded. */
function maskEncoded(text: string, mask: Redact): string {
  let decoded = text;
  for (let turn = 0; turn < MOST_ENCODED; turn += 1) {
    const before = decoded;
    // Secrets are ASCII, and so all that has to be decoded.
    decoded = before.replaceAll(/%([0-7][\da-f])/giu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (decoded === before) return text;
    const masked = mask(decoded);
    if (masked !== decoded) return masked.replaceAll(/[\p{Cc} ]/gu, encodeURIComponent);
  }
  return text;
}
