/** A request that Paddock has sent to a provider. */
interface SentRequest {
  /** The name that it has for the model, or null where Paddock does not know it. */
  readonly model: string | null;
  /** The status of the answer; 0 before there is one. */
  readonly status: number;
}

/** What Paddock sends to one provider, but for requests that change nothing: it may have a model unloaded that was just used. */
export interface Traffic {
  sent(request: SentRequest): void;
  ended(request: SentRequest): void;
  /** Notes that the provider is told to unload something. */
  unloading(): void;
  /** The number of what was sent last. Numbers rise. */
  last(): number;
  /** Whether anything but requests for that model was sent after a number. */
  hasOthersSince(model: string, number: number): boolean;
  /** The names of other models that requests wait for; null for one that is not known. */
  awaited(model: string): readonly (string | null)[];
}

/** Makes it for one provider. It costs a request a few assignments. */
export function createTraffic(): Traffic {
  const inFlight = new Set<SentRequest>();
  let number = 0;
  let lastModel: string | null = null;
  /** The number of the last that was not for `lastModel`. */
  let lastOther = 0;

  function note(model: string | null): void {
    if (model !== lastModel) {
      lastOther = number;
      lastModel = model;
    }
    number += 1;
  }

  return {
    sent(request) {
      inFlight.add(request);
      note(request.model);
    },
    ended: (request) => void inFlight.delete(request),
    unloading: () => note(null),
    last: () => number,
    hasOthersSince: (model, since) => (model === lastModel ? lastOther : number) > since,
    awaited: (model) =>
      [...inFlight].flatMap((one) => (one.model === model || one.status !== 0 ? [] : one.model)),
  };
}
