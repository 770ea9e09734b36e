/** An event that a stream sends when its validator changes. */
export interface StreamEvent {
  readonly validator: string;
  /** The event as the stream sends it. */
  readonly frame: string | Uint8Array;
  /** The shortest time between two of these events, in milliseconds. */
  readonly spacingMs?: number;
}

/** The current events by name. An event that is unknown now is absent. */
export type CurrentEvents = ReadonlyMap<string, StreamEvent>;

/** The validators that a client was last sent. */
export interface SentEvents {
  /** The validator of each event, and when it was sent. */
  readonly events: ReadonlyMap<string, { readonly validator: string; readonly at: number }>;
  /** When anything was last sent to the client, in milliseconds of the monotonic clock. */
  readonly at: number;
}

/** How long a connection may be silent, in milliseconds. Proxies close idle connections, many after half a minute. */
export const SILENCE_MS = 15_000;

const KEEP_ALIVE = ': keep-alive\n\n';

/** Picks the next text of a client's event stream: changed validators, a comment after a long silence, or nothing. */
export function pickEvents(
  sent: SentEvents,
  { seen, now }: { seen: CurrentEvents; now: number },
): { frames: readonly StreamEvent['frame'][]; sent: SentEvents } {
  const news = [...seen].filter(([name, { validator, spacingMs = 0 }]) => {
    const before = sent.events.get(name);
    return before === undefined || (before.validator !== validator && now - before.at >= spacingMs);
  });
  if (news.length === 0) {
    const isSilent = now - sent.at >= SILENCE_MS;
    return isSilent ? { frames: [KEEP_ALIVE], sent: { ...sent, at: now } } : { frames: [], sent };
  }
  const added = news.map(([name, { validator }]) => [name, { validator, at: now }] as const);
  return {
    frames: news.map(([, { frame }]) => frame),
    sent: { events: new Map([...sent.events, ...added]), at: now },
  };
}
