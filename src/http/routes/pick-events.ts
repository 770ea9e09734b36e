/** The current validator of each document that the event stream reports; null if unknown. */
export interface Validators {
  readonly catalog: string | null;
  readonly favorites: string | null;
}

/** The validators that a client was last sent. */
export interface Told extends Validators {
  /** When anything was last sent to the client, in milliseconds of the monotonic clock. */
  readonly at: number;
}

/** How long a connection may be silent, in milliseconds. Proxies close idle connections, many after half a minute. */
export const SILENCE_MS = 15_000;

const NAMES = ['catalog', 'favorites'] as const;

/**
 * Picks the next text of a client's event stream: an event for each document whose validator changed, else a comment
 * after a long silence, else nothing. An unknown validator is not a change.
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
