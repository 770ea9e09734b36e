import type { Context } from 'hono';
import type { Clock } from '../clock.ts';
import { ClientGone } from '../gateway/transport.ts';
import type { Outcome } from '../registry/outcome.ts';
import type { Managed } from '../registry/require-provider.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import { toBackground } from './background.ts';
import type { AnswerWatch } from './watch-answers.ts';

/** A model to load, by the provider's own name and by its composite ID. */
export interface Loading extends Managed<'load'> {
  readonly model: string;
  readonly id: string;
}

/** How a load ended, and how long it took in milliseconds; or the error that it threw. */
type End =
  | { readonly outcome: Outcome<unknown>; readonly ms: number }
  | { readonly error: unknown };

/** A load in progress. Requests share it as plain values: on workerd, a promise belongs to the request that created it. */
interface Load {
  /** Null until it ends. */
  end: End | null;
  /** The number of clients that wait for it. */
  waiting: number;
  /** When it was last seen in progress, in milliseconds of the monotonic clock. */
  aliveAt: number;
}

/** How often to check whether a load has ended, and whether a client still waits for it, in milliseconds. */
const POLL_MS = 20;

/** How long a kind waits before it asks a provider again, in milliseconds. */
const PAUSE_MS = 250;

/** The time after which a load counts as lost, because the request that ran it has ended. */
const LOST_MS = 5000;

/** Creates the loads in progress. While a model loads, further requests for it wait for the same load. */
export function createSharedLoads(options: {
  requestUpstream: RequestUpstream;
  clock: Clock;
  watch: Pick<AnswerWatch, 'loading'>;
}) {
  const { requestUpstream, clock, watch } = options;
  const loads = new Map<string, Load>();
  const isAlive = ({ aliveAt }: Load) => clock.monotonic() - aliveAt < LOST_MS;
  const forget = (id: string, load: Load) => void (loads.get(id) === load && loads.delete(id));

  /** Loads a model. Never rejects. */
  async function run(load: Load, loading: Loading): Promise<void> {
    const startedAt = clock.monotonic();
    const loaded = watch.loading(loading.provider.name, loading.model);
    try {
      const outcome = await askWhileWanted(loading, { load, requestUpstream, clock });
      const ms = Math.round(clock.monotonic() - startedAt);
      if (outcome !== undefined) load.end = { outcome, ms };
    } catch (error) {
      load.end = { error };
    } finally {
      loaded();
      forget(loading.id, load);
    }
  }

  /** Joins the load of a model, or begins one: then `work` ends with it. */
  function join(c: Context, loading: Loading): { load: Load; work: Promise<void> | null } {
    const known = loads.get(loading.id);
    if (known !== undefined && isAlive(known)) {
      known.waiting += 1;
      return { load: known, work: null };
    }
    const load: Load = { end: null, waiting: 1, aliveAt: clock.monotonic() };
    loads.set(loading.id, load);
    const work = run(load, loading);
    toBackground(c)(work);
    return { load, work };
  }

  /** Waits, without a time limit, for a model's load, and begins it if none is in progress. Throws `ClientGone`. */
  return async (c: Context, loading: Loading): Promise<End> => {
    const client = c.req.raw.signal;
    for (;;) {
      const { load, work } = join(c, loading);
      try {
        while (load.end === null && isAlive(load)) {
          if (client.aborted) throw new ClientGone();
          const pause = clock.sleep(POLL_MS);
          await (work === null ? pause : Promise.race([work, pause]));
        }
      } finally {
        load.waiting -= 1;
        // The next request must not join a load that is being given up.
        if (load.waiting === 0) forget(loading.id, load);
      }
      if (load.end !== null) return load.end;
    }
  };
}

/** Asks a provider for a load until no client waits for it. */
async function askWhileWanted(
  { provider, manage, model }: Loading,
  options: { load: Load; requestUpstream: RequestUpstream; clock: Clock },
): Promise<Outcome<unknown> | void> {
  const { load, requestUpstream, clock } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const pause = () => clock.sleep(PAUSE_MS);
  const asking = manage(askProvider(provider, { requestUpstream, signal }), { model, pause });
  while (load.waiting > 0) {
    load.aliveAt = clock.monotonic();
    const outcome = await Promise.race([asking, clock.sleep(POLL_MS)]);
    if (outcome !== undefined) return outcome;
  }
  controller.abort();
  await asking;
}
