/** A request that Paddock has sent to a provider. */
export interface SentRequest {
  /** The model's name in the request, or null if Paddock does not know it. */
  readonly model: string | null;
  /** The status of the answer; 0 before the answer begins. */
  readonly status: number;
}

/** Creates the record of the requests to one provider that may unload a just-used model. */
export function createTraffic() {
  const inFlight = new Set<SentRequest>();
  let number = 0;
  let lastModel: string | null = null;
  /** The number of the last request that was not for `lastModel`. */
  let lastOther = 0;

  function note(model: string | null): void {
    if (model !== lastModel) {
      lastOther = number;
      lastModel = model;
    }
    number += 1;
  }

  return {
    sent(request: SentRequest): void {
      inFlight.add(request);
      note(request.model);
    },
    ended: (request: SentRequest) => void inFlight.delete(request),
    /** Records that Paddock tells the provider to unload models. */
    unloading: () => note(null),
    /** Returns the number of the last request. Numbers increase. */
    last: () => number,
    /** Whether anything other than requests for this model was sent after a number. */
    hasOthersSince: (model: string, since: number) =>
      (model === lastModel ? lastOther : number) > since,
    /** Returns the names of other models that requests wait for; null for an unknown name. */
    awaited: (model: string): readonly (string | null)[] =>
      [...inFlight].flatMap((one) => (one.model === model || one.status !== 0 ? [] : one.model)),
  };
}
