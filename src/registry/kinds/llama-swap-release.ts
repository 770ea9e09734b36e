/** The features that older releases of llama-swap lack, by the first release that has them. */
const LACKS: readonly { readonly since: number; readonly what: string }[] = [
  { since: 175, what: 'does not serve /v1/messages' },
  { since: 182, what: 'does not serve /v1/responses' },
  { since: 186, what: 'does not serve /v1/messages/count_tokens' },
  { since: 225, what: 'does not say what its models can do' },
  { since: 234, what: 'does not serve /props' },
];

/** The first release that reports its number. */
const TELLS_RELEASE = 173;

/**
 * Returns a message about the features that a provider's release of llama-swap lacks and what to do, or null if it lacks
 * none. A release whose number cannot be parsed counts as new.
 */
export function readRelease(name: string, release: string | null): string | null {
  const number = toNumber(release);
  const lacking = LACKS.filter(({ since }) => number < since);
  const newest = lacking.at(-1);
  if (newest === undefined) return null;
  const software =
    release === null ? `a llama-swap from before v${TELLS_RELEASE}` : `llama-swap v${number}`;
  const list = toList(lacking.map(({ since, what }) => `${what} (since v${since})`));
  return `${name} runs ${software}, which ${list}: update it to v${newest.since} or later.`;
}

function toNumber(release: string | null): number {
  if (release === null) return 0;
  const number = Number(/^v?(\d{1,6})\b/u.exec(release)?.[1] ?? Number.NaN);
  // A build without a release number reports 0.
  return Number.isNaN(number) || number === 0 ? Number.POSITIVE_INFINITY : number;
}

/** Formats a list: `a`, `a and b`, `a, b and c`. */
function toList(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
