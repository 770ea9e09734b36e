import { joinId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What a model takes as its own server said, in this load or an earlier one; null where that is not known. Of a selector, only
 * what all the models that it may pick take.
 */
export function findInputs(
  { provider, listed }: { provider: string; listed: ListedModel },
  { results, learned }: Snapshot,
): readonly string[] | null {
  const loaded = results.get(provider)?.loaded;
  const known: (readonly string[])[] = [];
  for (const name of listed.servers) {
    const id = joinId(provider, name);
    const inputs = loaded?.get(name)?.inputs ?? learned.get(id)?.inputs ?? null;
    // A list may name many: the first that is not known settles it.
    if (inputs === null) return null;
    known.push(inputs);
  }
  const [first = null, ...others] = known;
  return first?.filter((name) => others.every((inputs) => inputs.includes(name))) ?? null;
}
