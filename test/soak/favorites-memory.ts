import { HOSTS, MODELS } from './hosts.ts';
import type { Random } from './random.ts';

/** A change to the favorites. */
export type Write =
  | { readonly act: 'add' | 'remove'; readonly id: string }
  | { readonly act: 'reorder'; readonly ids: readonly string[] };

const IDS = HOSTS.flatMap((host) => Object.keys(MODELS).map((model) => `${host}/${model}`));

/** Draws a change to a list of favorites; some change nothing. */
export function drawWrite(random: Random, list: readonly string[]): Write {
  const draw = random.next();
  if (draw < 0.45) return { act: 'add', id: random.pick(IDS) };
  if (draw < 0.75) return { act: 'remove', id: random.pick(IDS) };
  const at = random.whole(0, Math.max(list.length - 1, 0));
  return { act: 'reorder', ids: [...list.slice(at), ...list.slice(0, at)] };
}

/** The favorites after a change. */
export function applyWrite(list: readonly string[], write: Write): readonly string[] {
  if (write.act === 'reorder') return write.ids;
  if (write.act === 'remove') return list.filter((id) => id !== write.id);
  return list.includes(write.id) ? list : [...list, write.id];
}

/** The status that a change is answered with. */
export function toStatus(list: readonly string[], write: Write): number {
  if (write.act === 'reorder') return 200;
  if (write.act === 'remove') return 204;
  return list.includes(write.id) ? 200 : 201;
}

/**
 * What there may be once Paddock was killed: all that was answered, and perhaps the change that was under way.
 */
export function isKept(
  found: readonly string[],
  kept: { readonly list: readonly string[]; readonly pending: Write | null },
): boolean {
  const { list, pending } = kept;
  const lists = pending === null ? [list] : [list, applyWrite(list, pending)];
  return lists.some((each) => each.join('\n') === found.join('\n'));
}
