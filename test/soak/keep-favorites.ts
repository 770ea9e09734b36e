import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { applyWrite, drawWrite, toStatus, type Write } from './favorites-memory.ts';
import type { Judgement } from './judge-answer.ts';
import type { Random } from './random.ts';
import { send } from './send.ts';
import type { Tally } from './tally.ts';

/** What is remembered of the favorites. */
export interface FavoritesMemory {
  /** As they are after all that was answered. */
  list: readonly string[];
  /** The change that was sent and not answered. */
  pending: Write | null;
}

const PATH = '/api/favorites';
const JSON_TYPE = { 'content-type': 'application/json' };

/** The list is read after so many changes. */
const READ_EVERY = 4;

/** So that favorites do not take the place of all other traffic, in milliseconds. */
const PAUSE_MS = 5;

/**
 * Changes favorites, one change after the other, so that the list is known at any time. Stops at the first wrong answer,
 * since the list is unknown from then on.
 */
export async function keepFavorites(
  memory: FavoritesMemory,
  options: { paddock: Dispatcher; random: Random; tally: Tally; ending: AbortSignal },
): Promise<void> {
  const { paddock, random, tally, ending } = options;
  for (let number = 1; !ending.aborted; number += 1) {
    const write = drawWrite(random, memory.list);
    memory.pending = write;
    const seen = await send(paddock, toSending(write));
    const due = toStatus(memory.list, write);
    if (seen.status !== due || seen.end !== 'whole') {
      // The last change is in flight while Paddock is killed.
      if (ending.aborted) return;
      const why = `${write.act}: status ${seen.status}, where ${due} was due, ${seen.text}`;
      return tally.add('favorites', { is: seen.status === null ? 'lost' : 'wrong', why });
    }
    memory.list = applyWrite(memory.list, write);
    memory.pending = null;
    tally.add('favorites', { is: 'right' });
    if (number % READ_EVERY === 0) tally.add('favorites', await compare(memory.list, options));
    await sleep(PAUSE_MS);
  }
}

/**
 * The IDs that Paddock has now, in their order.
 * @returns null where it does not say
 */
export async function readFavorites(paddock: Dispatcher): Promise<readonly string[] | null> {
  const seen = await send(paddock, { path: PATH });
  if (seen.status !== 200 || seen.end !== 'whole') return null;
  try {
    const { favorites } = JSON.parse(seen.text) as { favorites: { id: string }[] };
    return favorites.map(({ id }) => id);
  } catch {
    return null;
  }
}

async function compare(
  list: readonly string[],
  { paddock, ending }: { paddock: Dispatcher; ending: AbortSignal },
): Promise<Judgement> {
  const found = await readFavorites(paddock);
  if (found === null) return ending.aborted ? { is: 'right' } : { is: 'lost', why: 'no list came' };
  const [expected, received] = [list.join(), found.join()];
  if (expected === received) return { is: 'right' };
  return { is: 'wrong', why: `expected ${expected} but received ${received}` };
}

function toSending(write: Write) {
  if (write.act === 'reorder') {
    const body = JSON.stringify({ ids: write.ids });
    return { path: PATH, method: 'PUT', headers: JSON_TYPE, body } as const;
  }
  const path = `${PATH}/${encodeURIComponent(write.id)}`;
  return { path, method: write.act === 'add' ? 'PUT' : 'DELETE' } as const;
}
