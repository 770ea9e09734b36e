import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import { toLoadedWindow } from './loaded-context.ts';
import type { ContextWindow, ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** A provider's model, and how the provider lists it, or null. */
interface Asked {
  readonly provider: Provider;
  readonly model: string;
  readonly listed: ListedModel | null;
}

/**
 * The first context window that is known: what the provider's owner configured, what the host declares, what was seen
 * while the model is loaded or when it last was, and what is published. It is by what was last seen, and asks nobody.
 */
export function findContextWindow(asked: Asked, snapshot: Snapshot | null): ContextWindow {
  const { provider, model, listed } = asked;
  const configured = provider.contextWindow;
  if (configured !== null) return { contextWindow: configured, contextSource: 'configured' };
  const declared = listed?.declaredContext ?? null;
  if (declared !== null) return { contextWindow: declared, contextSource: 'declared' };

  // An alias has the window of the model it stands for.
  const name = listed?.runsAs ?? model;
  const loaded = snapshot?.results.get(provider.name)?.loaded.get(name) ?? null;
  const learned = snapshot?.learned.get(joinId(provider.name, name)) ?? null;
  const seen = loaded === null ? null : toLoadedWindow(loaded, null);
  const known = loaded === null ? null : toLoadedWindow(loaded, learned);
  if (known !== null) {
    return { contextWindow: known, contextSource: known === seen ? 'loaded' : 'learned' };
  }
  if (learned !== null) return { contextWindow: learned.tokens, contextSource: 'learned' };

  const published = findPublishedWindow(provider, model);
  return published === null
    ? { contextWindow: null, contextSource: 'unknown' }
    : { contextWindow: published, contextSource: 'static' };
}

/** A vendor's window counts for its own kind alone: a local model of the same name has the window its owner set. */
function findPublishedWindow({ kind }: Provider, model: string): number | null {
  const { contextWindows } = kind;
  return Object.hasOwn(contextWindows, model) ? (contextWindows[model] ?? null) : null;
}
