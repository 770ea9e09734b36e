import type { LearnedModel } from '../registry/provider-kind.ts';
import type { LoadedContext } from './loaded-context.ts';
import type { RunningModel, RunningModels, ServerProps } from '../registry/provider-models.ts';
import { createSettledAnswers } from './settled-answers.ts';
import { createTraffic } from './traffic.ts';

/** The models that one provider has loaded, and the facts known about each while it stays loaded. */
export type ProviderLoads = ReturnType<typeof createProviderLoads>;

/** Returns the loads of a provider by its name. */
export type LoadMemory = (provider: string) => ProviderLoads;

/** The most ready models that are read of one provider. A longer list is not plausible. */
const MAX_READY = 64;

/** Creates the memory for all providers. */
export function createLoadMemory(options: {
  /** The monotonic clock, in milliseconds. */
  now: () => number;
  ttlMs: number;
}): LoadMemory {
  const providers = new Map<string, ProviderLoads>();
  return (name) => {
    const own = providers.get(name) ?? createProviderLoads(options);
    providers.set(name, own);
    return own;
  };
}

function createProviderLoads(options: { now: () => number; ttlMs: number }) {
  const { now } = options;
  const settled = createSettledAnswers(options);
  let lastCheck = 0;
  let seenSince: ReadonlyMap<string, number> = new Map();
  const asked = new Map<string, ServerProps | null>();

  return {
    traffic: createTraffic(),
    /** The facts that the provider's kind learned of its models. */
    learned: new Map<string, LearnedModel>(),
    ...settled,
    /** Stores the loaded models at the end of a check. Has no effect if a later check has already ended. */
    endCheck(check: number, running: RunningModels): void {
      if (check < lastCheck) return;
      lastCheck = check;
      const time = now();
      seenSince = new Map(
        [...running.keys()].map((model) => [model, seenSince.get(model) ?? time]),
      );
      // The model was unloaded, and its next load may have another context window.
      for (const model of asked.keys()) if (!isReady(running.get(model))) asked.delete(model);
      settled.endCheck(check, running);
    },
    /** Whether all these models were seen loaded before a time of the monotonic clock and in every check since. */
    wereLoadedBefore: (models: readonly string[], time: number) =>
      models.every((model) => (seenSince.get(model) ?? Number.POSITIVE_INFINITY) < time),
    /** Stores the properties that a model's own server reported; null if it reported none. */
    keep: (model: string, props: ServerProps | null) => void asked.set(model, props),
    /** Whether a model's own server was asked since the model was loaded. */
    wasAsked: (model: string) => asked.has(model),
    /** Forgets a model that Paddock unloaded; null forgets all models. */
    forget(model: string | null): void {
      if (model === null) asked.clear();
      else asked.delete(model);
      settled.reset();
    },
    read(running: RunningModels): ReadonlyMap<string, LoadedContext> {
      const ready = [...running].filter(([, one]) => isReady(one)).slice(0, MAX_READY);
      return new Map(
        ready.flatMap(([model, { commandContext: command }]): [string, LoadedContext][] => {
          const { window: server = null, inputs = null } = asked.get(model) ?? {};
          const isKnown = command !== null || server !== null || inputs !== null;
          return isKnown ? [[model, { command, server, inputs }]] : [];
        }),
      );
    },
  };
}

function isReady(model: RunningModel | undefined): boolean {
  return model?.state === 'ready';
}
