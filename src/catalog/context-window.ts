import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import { toLoadedWindow } from './loaded-context.ts';
import type { ContextWindow, ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

interface AskedModel {
  readonly provider: Provider;
  readonly model: string;
  readonly listed: ListedModel | null;
}

/** Returns the first known context window, of the settings, the provider or an earlier load. Asks no provider. */
export function findContextWindow(asked: AskedModel, snapshot: Snapshot | null): ContextWindow {
  const { provider, model, listed } = asked;
  const configured = provider.contextWindow;
  if (configured !== null) return { contextWindow: configured, contextSource: 'configured' };
  const declared = listed?.declaredContext ?? null;
  if (declared !== null) return { contextWindow: declared, contextSource: 'declared' };

  // An alias has the window of the model that it points to.
  const name = listed?.runsAs ?? model;
  const loaded = snapshot?.results.get(provider.name)?.loaded.get(name) ?? null;
  const learned = snapshot?.learned.get(joinId(provider.name, name)) ?? null;
  const seen = loaded === null ? null : toLoadedWindow(loaded, null);
  const known = loaded === null ? null : toLoadedWindow(loaded, learned);
  if (known !== null) {
    return { contextWindow: known, contextSource: known === seen ? 'loaded' : 'learned' };
  }
  if (learned !== null) return { contextWindow: learned.tokens, contextSource: 'learned' };

  // It applies only to the vendor's own kind: a local model of the same name may have another window.
  const published = new Map(Object.entries(provider.kind.contextWindows)).get(model);
  if (published !== undefined) return { contextWindow: published, contextSource: 'static' };
  const supported = listed?.maxContext ?? null;
  return { contextWindow: supported, contextSource: supported === null ? 'unknown' : 'supported' };
}
