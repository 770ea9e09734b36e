import type { Hono } from 'hono';
import type { HostState } from './host-state.ts';
import { toRunningEntries } from './model-records.ts';
import type { RunningEntry } from './model-records.ts';

/** A simulated host, with counts for tests. */
export interface SimulatedHost {
  name: string;
  fetch(request: Request): Promise<Response>;
  counts: {
    /** Requests by `METHOD /path`. The path is as sent, without the query. */
    requests: Map<string, number>;
    /** Starts by model ID. */
    loads: Map<string, number>;
  };
  /** Returns the loaded models as entries of llama-swap's `/running`, which a llama-server does not have. */
  running(): RunningEntry[];
  /** Stops all loaded models and aborts their work. */
  unload(): Promise<void>;
}

/** Creates a simulated host from its state and its routes. It counts requests and logs them as llama-swap does. */
export function createSimulatedHost(
  { name, loader, models, log }: HostState,
  app: Hono,
): SimulatedHost {
  const requests = new Map<string, number>();
  return {
    name,
    fetch: async (request) => {
      const key = `${request.method} ${new URL(request.url).pathname}`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
      const answer = await app.fetch(request);
      log.writeOwn(`[INFO] Request 127.0.0.1 "${key} HTTP/1.1" ${answer.status}`);
      return answer;
    },
    counts: { requests, loads: loader.loads },
    running: () => toRunningEntries(models.list, loader),
    unload: () => loader.unload(models.list.map((model) => model.id)),
  };
}
