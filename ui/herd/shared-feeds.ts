import type { Gateway } from './gateway.ts';
import { createHerdFeed, type HerdFeed } from './herd-feed.ts';

const feeds = new Map<string, HerdFeed>();

/** The one feed of a gateway on this page: all that shows it shares one connection and one view. */
export function shareFeed({ src, key }: Gateway): HerdFeed {
  const name = JSON.stringify([src, key]);
  const known = feeds.get(name);
  if (known !== undefined) return known;
  const made = createHerdFeed({ src, key });
  feeds.set(name, made);
  return made;
}
