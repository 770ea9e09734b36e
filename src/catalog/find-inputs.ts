import { joinId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** Returns the inputs that a model (of a selector: every possible model) takes, as its server reported; or null. */
export function findInputs(
  { provider, id, listed }: { provider: string; id: string; listed: ListedModel },
  { results, learned }: Snapshot,
): readonly string[] | null {
  const loaded = results.get(provider)?.loaded;
  const known: (readonly string[])[] = [];
  for (const name of listed.servers) {
    // Joining anew would cost a hash for each model of a large list.
    const serverId = name === listed.model ? id : joinId(provider, name);
    const inputs = loaded?.get(name)?.inputs ?? learned.get(serverId)?.inputs ?? null;
    // One unknown server makes the result unknown. Returning early saves time: a list may name many servers.
    if (inputs === null) return null;
    known.push(inputs);
  }
  const [first = null, ...others] = known;
  return first?.filter((name) => others.every((inputs) => inputs.includes(name))) ?? null;
}
