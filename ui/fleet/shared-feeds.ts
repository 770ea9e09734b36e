import type { Gateway } from './gateway.ts';
import { createFleetFeed, type FleetFeed } from './fleet-feed.ts';

const feeds = new Map<string, FleetFeed>();

/** Returns the page's only feed of a gateway: all elements that show it share one connection and one state. */
export function shareFeed({ src, key }: Gateway): FleetFeed {
  const name = JSON.stringify([src, key]);
  const known = feeds.get(name);
  if (known !== undefined) return known;
  const made = createFleetFeed({ src, key });
  feeds.set(name, made);
  return made;
}
