import type { LoadedContext } from './loaded-context.ts';
import type { ServerProps } from './server-props.ts';
import type { RunningModel } from './read-running.ts';
import { createSettledAnswers, type SettledAnswers } from './settled-answers.ts';
import { createTraffic, type Traffic } from './traffic.ts';

type Running = ReadonlyMap<string, RunningModel>;

/** What one provider was seen to have loaded, and what was found out about it, for as long as it stays loaded. */
export interface ProviderLoads extends Pick<SettledAnswers, 'note' | 'isNoted' | 'isSettled'> {
  readonly traffic: Traffic;
  /** Begins a look at what runs, and returns its number. Numbers rise. */
  begin(): number;
  /** Takes in what `/running` said at the end of a look. One that was overtaken by a later look changes nothing. */
  see(look: number, running: Running): void;
  /** Whether all these models were seen loaded before a time of the monotonic clock, and ever since. */
  wereLoadedBefore(models: readonly string[], time: number): boolean;
  /** Keeps what a model's own server said of it; null where it said nothing. */
  keep(model: string, props: ServerProps | null): void;
  /** Whether a model's own server was asked since the model was loaded. */
  wasAsked(model: string): boolean;
  /** Forgets one model, or all for null: Paddock has unloaded it. */
  forget(model: string | null): void;
  /** What is known of the models that are ready. */
  read(running: Running): ReadonlyMap<string, LoadedContext>;
}

/** Remembers what is loaded, by the names of providers. */
export type LoadMemory = (provider: string) => ProviderLoads;

/** No provider has more models ready than this; one that says so is not believed beyond it. */
const MOST_READY = 64;

/** Makes the memory of all providers. */
export function createLoadMemory(options: {
  /** The monotonic clock, in milliseconds. */
  now: () => number;
  ttlMs: number;
}): LoadMemory {
  const providers = new Map<string, ProviderLoads>();
  return (name) => {
    const known = providers.get(name);
    if (known !== undefined) return known;
    const made = createProviderLoads(options);
    providers.set(name, made);
    return made;
  };
}

function createProviderLoads(options: { now: () => number; ttlMs: number }): ProviderLoads {
  const { now } = options;
  const settled = createSettledAnswers(options);
  let lastLook = 0;
  let seenSince: ReadonlyMap<string, number> = new Map();
  /** What each model's own server said. */
  const asked = new Map<string, ServerProps | null>();

  return {
    traffic: createTraffic(),
    note: settled.note,
    isNoted: settled.isNoted,
    isSettled: settled.isSettled,
    begin: settled.begin,
    see(look, running) {
      if (look < lastLook) return;
      lastLook = look;
      const time = now();
      seenSince = new Map(
        [...running.keys()].map((model) => [model, seenSince.get(model) ?? time]),
      );
      // It was unloaded: the next time it may have another size.
      for (const model of asked.keys()) if (!isReady(running.get(model))) asked.delete(model);
      settled.see(look, running);
    },
    wereLoadedBefore: (models, time) =>
      models.every((model) => (seenSince.get(model) ?? Number.POSITIVE_INFINITY) < time),
    keep: (model, props) => void asked.set(model, props),
    wasAsked: (model) => asked.has(model),
    forget(model) {
      if (model === null) asked.clear();
      else asked.delete(model);
      settled.reset();
    },
    read(running) {
      const ready = [...running].filter(([, one]) => isReady(one)).slice(0, MOST_READY);
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
