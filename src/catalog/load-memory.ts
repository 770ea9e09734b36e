import { fitsPath } from '../upstream/model-segment.ts';
import type { RunningModel } from './read-running.ts';

/** What was found out about the models that are loaded now, for as long as they stay so. */
export interface LoadMemory {
  /**
   * Of the models that a host calls ready, those whose own servers are to be asked for their context windows: each once
   * per load. They count as asked from here on, whatever becomes of it.
   */
  takeUnasked(provider: string, running: ReadonlyMap<string, RunningModel>): readonly string[];
  /** Keeps what a model's own server said. */
  keep(at: { provider: string; model: string }, contextWindow: number | null): void;
  /** The context windows of the models that are ready, as far as they are known, in tokens. */
  read(provider: string, running: ReadonlyMap<string, RunningModel>): ReadonlyMap<string, number>;
}

/** No host has more models ready than this; one that says so is not believed beyond it. */
const MOST_READY = 64;

/** Makes the memory of a herd. */
export function createLoadMemory(): LoadMemory {
  /** What each model's own server said, by provider and model: null where it said nothing, or has not yet. */
  const asked = new Map<string, Map<string, number | null>>();

  return {
    takeUnasked(provider, running) {
      const before = asked.get(provider);
      const now = new Map<string, number | null>();
      const unasked: string[] = [];
      for (const [model, { commandContext }] of findReady(running)) {
        const isAsked = before?.has(model) === true;
        // What has left the list was unloaded: when it comes back, it may have another size.
        if (isAsked) now.set(model, before.get(model) ?? null);
        else if (commandContext === null && fitsPath(model)) {
          now.set(model, null);
          unasked.push(model);
        }
      }
      asked.set(provider, now);
      return unasked;
    },
    keep({ provider, model }, contextWindow) {
      const models = asked.get(provider);
      // It may have been unloaded meanwhile.
      if (models?.has(model)) models.set(model, contextWindow);
    },
    read(provider, running) {
      const sizes = new Map<string, number>();
      for (const [model, { commandContext }] of findReady(running)) {
        const size = commandContext ?? asked.get(provider)?.get(model) ?? null;
        if (size !== null) sizes.set(model, size);
      }
      return sizes;
    },
  };
}

function findReady(running: ReadonlyMap<string, RunningModel>) {
  return [...running].filter(([, { state }]) => state === 'ready').slice(0, MOST_READY);
}
