import type { Gateway } from './gateway.ts';
import { createHerdFeed, type HerdFeed } from './herd-feed.ts';

const feeds = new Map<string, HerdFeed>();

/** Returns the page's only feed of a gateway: all elements that show it share one connection and one state. */
export function shareFeed({ src, key }: Gateway): HerdFeed {
  const name = JSON.stringify([src, key]);
  const known = feeds.get(name);
  if (known !== undefined) return known;
  const made = createHerdFeed({ src, key });
  feeds.set(name, made);
  return made;
}
