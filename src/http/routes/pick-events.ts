/** The current validator of each document that the event stream reports; null if unknown. */
export interface Validators {
  readonly catalog: string | null;
  readonly favorites: string | null;
}

/** The validators that a client was last sent. */
export interface SentEvents extends Validators {
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
  sent: SentEvents,
  { seen, now }: { seen: Validators; now: number },
): { text: string; sent: SentEvents } {
  const news = NAMES.filter((name) => seen[name] !== null && seen[name] !== sent[name]);
  if (news.length === 0) {
    const isSilent = now - sent.at >= SILENCE_MS;
    return isSilent ? { text: ': keep-alive\n\n', sent: { ...sent, at: now } } : { text: '', sent };
  }
  return {
    text: news.map((name) => `event: ${name}\ndata: ${seen[name]}\n\n`).join(''),
    sent: {
      catalog: seen.catalog ?? sent.catalog,
      favorites: seen.favorites ?? sent.favorites,
      at: now,
    },
  };
}
