/** What the event stream tells of: the validator of each document as it is now, or null where that is not known. */
export interface Validators {
  readonly catalog: string | null;
  readonly favorites: string | null;
}

/** What a listener was told last. */
export interface Told extends Validators {
  /** When something was last sent to it, in the milliseconds of a monotonic clock. */
  readonly at: number;
}

/** How long a connection may be silent, in milliseconds: proxies end those that are idle, many after half a minute. */
export const SILENCE_MS = 15_000;

const NAMES = ['catalog', 'favorites'] as const;

/**
 * Picks what a listener is sent next, as the text of an event stream: an event for each document that is another than
 * it was told of, else a comment where it was silent for long, else nothing. What is not known is no news.
 */
export function pickEvents(
  told: Told,
  { seen, now }: { seen: Validators; now: number },
): { text: string; told: Told } {
  const news = NAMES.filter((name) => seen[name] !== null && seen[name] !== told[name]);
  if (news.length === 0) {
    const isSilent = now - told.at >= SILENCE_MS;
    return isSilent ? { text: ': still here\n\n', told: { ...told, at: now } } : { text: '', told };
  }
  return {
    text: news.map((name) => `event: ${name}\ndata: ${seen[name]}\n\n`).join(''),
    told: {
      catalog: seen.catalog ?? told.catalog,
      favorites: seen.favorites ?? told.favorites,
      at: now,
    },
  };
}
