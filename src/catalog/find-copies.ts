import type { Registry } from '../registry/registry.ts';
import { joinId } from '../resolve/composite-id.ts';
import { findServed } from './find-listed.ts';
import type { Snapshot } from './snapshot.ts';
import type { Steps } from '../steps.ts';

/** Returns the composite IDs of the same model on other providers. */
export type FindCopies = (id: string, model: string) => readonly string[];

const NONE: readonly string[] = [];

const STEP = 500;

/** Finds models of equal names, and a peer's models at the provider of its name (see docs/operations.md). */
export function* findCopies(registry: Registry, snapshot: Snapshot): Steps<FindCopies> {
  const firstOn = new Map<string, string>();
  const sameName = new Map<string, string[]>();
  const linked = new Map<string, string[]>();
  const link = (from: string, to: string) => linked.set(from, [...(linked.get(from) ?? []), to]);
  let count = 0;
  for (const provider of registry.providers.keys()) {
    for (const listed of snapshot.results.get(provider)?.models ?? []) {
      count += 1;
      if (count % STEP === 0) yield;
      const { model } = listed;
      const first = firstOn.get(model);
      // Most models are on one provider only, so they get no list of their own.
      if (first === undefined) firstOn.set(model, provider);
      else {
        const ids = sameName.get(model) ?? [joinId(first, model)];
        sameName.set(model, ids);
        ids.push(joinId(provider, model));
      }
      const { peer } = listed;
      if (peer === null || peer === provider || !registry.providers.has(peer)) continue;
      const served = findOfPeer({ peer, model }, snapshot);
      if (served === null || served === model) continue;
      const id = joinId(provider, model);
      link(id, joinId(peer, served));
      link(joinId(peer, served), id);
    }
  }
  return (id, model) => {
    const copies = sameName.get(model)?.filter((other) => other !== id) ?? NONE;
    const links = linked.get(id);
    return links === undefined ? copies : [...new Set([...copies, ...links])];
  };
}

/** Returns a model's name at the peer's own provider. Since v242, lists put the peer's name before a peer's model. */
function findOfPeer(
  { peer, model }: { peer: string; model: string },
  snapshot: Snapshot,
): string | null {
  const bare = model.startsWith(`${peer}/`) ? model.slice(peer.length + 1) : model;
  const found =
    findServed(joinId(peer, bare), snapshot) ?? findServed(joinId(peer, model), snapshot);
  return found?.model ?? null;
}
