// Decides which model of a simulated host is loaded, and who waits for what: one model at a time.
// A request for the loaded model is served at once; any other waits until the loaded one is idle.
// It must not know HTTP, write replies or read a clock: waiting comes in as `sleep`.
import type { DemoModel } from './demo-model.ts';
import type { Sleep } from './sleep.ts';

/** What `/running` calls the state of a process. */
export type ModelState = 'starting' | 'ready' | 'stopping';

/** The right to use a loaded model until `release`; while it is held, no other model comes in. */
export interface Lease {
  /** Aborts when the model is unloaded under the work. */
  signal: AbortSignal;
  /** Gives the model back; a second time does nothing. */
  release: () => void;
}

/** A lease, or why there is none: `gone` means that the caller itself went away. */
export type Admission =
  | { ok: true; lease: Lease }
  | { ok: false; reason: 'full' | 'failed' | 'unloaded' | 'gone'; message: string };

/** What a loader needs. */
export interface ModelLoaderOptions {
  sleep: Sleep;
  /** Waiting and running requests that one model takes; 10 by default. */
  concurrencyLimit?: number;
  /** The model that is ready from the start, without counting as a load. */
  loaded?: DemoModel;
}

/** The swapping machine of one host. */
export interface ModelLoader {
  /** How often each model was started, by id. */
  loads: Map<string, number>;
  /** Waits until the model is ready, starting it when needed; leaves the queue on abort. */
  acquire(model: DemoModel, signal?: AbortSignal): Promise<Admission>;
  isFull(id: string): boolean;
  /** The state of a model, `undefined` when it is stopped. */
  stateOf(id: string): ModelState | undefined;
  /** Stops the named models, kills their work, and resolves when they have stopped. */
  unload(ids: string[]): Promise<void>;
}

interface Process {
  model: DemoModel;
  state: ModelState;
  inFlight: number;
  killed: AbortController;
  stopped?: Promise<void>;
}

interface Waiter {
  model: DemoModel;
  settle(admission: Admission): void;
}

interface Swap {
  model: DemoModel;
  waiters: Waiter[];
}

/** Builds the swapping machine; nothing is loaded unless `loaded` says so. */
export function createModelLoader(options: ModelLoaderOptions): ModelLoader {
  return new SwappingLoader(options);
}

class SwappingLoader implements ModelLoader {
  readonly loads = new Map<string, number>();
  readonly #options: ModelLoaderOptions;
  readonly #admitted = new Map<string, number>();
  #queue: Waiter[] = [];
  #process: Process | undefined;
  #swap: Swap | undefined;
  #unloads = 0;

  constructor(options: ModelLoaderOptions) {
    this.#options = options;
    if (options.loaded) this.#process = createProcess(options.loaded, 'ready');
  }

  isFull(id: string): boolean {
    return (this.#admitted.get(id) ?? 0) >= (this.#options.concurrencyLimit ?? 10);
  }

  stateOf(id: string): ModelState | undefined {
    return this.#process?.model.id === id ? this.#process.state : undefined;
  }

  async acquire(model: DemoModel, signal?: AbortSignal): Promise<Admission> {
    if (signal?.aborted) return refusal('gone', 'the client went away');
    if (this.isFull(model.id)) return refusal('full', 'Too many requests');
    this.#admit(model.id, 1);
    return new Promise((resolve) => {
      const leave = () => {
        this.#forget(waiter);
        waiter.settle(refusal('gone', 'the client went away'));
      };
      const waiter: Waiter = {
        model,
        settle: (admission) => {
          signal?.removeEventListener('abort', leave);
          if (!admission.ok) this.#admit(model.id, -1);
          resolve(admission);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#place(waiter);
    });
  }

  async unload(ids: string[]): Promise<void> {
    const isTarget = (waiter: Waiter) => ids.includes(waiter.model.id);
    const dropped = this.#queue.filter(isTarget);
    this.#queue = this.#queue.filter((waiter) => !isTarget(waiter));
    if (this.#swap && ids.includes(this.#swap.model.id)) {
      dropped.push(...this.#swap.waiters);
      this.#swap = undefined;
    }
    for (const waiter of dropped) waiter.settle(refusal('unloaded', 'group: model unloaded'));
    this.#unloads += 1;
    if (this.#process && ids.includes(this.#process.model.id)) await this.#stop(this.#process);
    this.#unloads -= 1;
    this.#drain();
  }

  /** Serves a waiter, lets it join or begin a swap, or queues it: the order of llama-swap's own. */
  #place(waiter: Waiter): void {
    const process = this.#process;
    if (this.#swap?.model.id === waiter.model.id) {
      this.#swap.waiters.push(waiter);
    } else if (this.#swap || this.#unloads > 0) {
      this.#queue.push(waiter);
    } else if (process?.state === 'ready' && process.model.id === waiter.model.id) {
      this.#grant(process, waiter);
    } else if (process?.state === 'ready' && process.inFlight > 0) {
      this.#queue.push(waiter);
    } else {
      this.#swap = { model: waiter.model, waiters: [waiter] };
      void this.#run(this.#swap);
    }
  }

  /** Carries a swap through, with or without waiters, unless an unload takes its place. */
  async #run(swap: Swap): Promise<void> {
    if (this.#process) await this.#stop(this.#process);
    if (this.#swap !== swap) return;
    const process = createProcess(swap.model, 'starting');
    this.#process = process;
    this.loads.set(swap.model.id, (this.loads.get(swap.model.id) ?? 0) + 1);
    await this.#pause(swap.model.loadMs, process.killed.signal);
    if (this.#swap !== swap) return;
    this.#swap = undefined;
    const { startError } = swap.model;
    if (startError === undefined) process.state = 'ready';
    else this.#process = undefined;
    for (const waiter of swap.waiters) {
      if (startError === undefined) this.#grant(process, waiter);
      else waiter.settle(refusal('failed', startError));
    }
    this.#drain();
  }

  #grant(process: Process, waiter: Waiter): void {
    process.inFlight += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      process.inFlight -= 1;
      this.#admit(process.model.id, -1);
      if (process.inFlight === 0) this.#drain();
    };
    waiter.settle({ ok: true, lease: { signal: process.killed.signal, release } });
  }

  #stop(process: Process): Promise<void> {
    process.stopped ??= (async () => {
      process.state = 'stopping';
      process.killed.abort();
      await this.#pause(Math.min(process.model.loadMs / 10, 400));
      if (this.#process === process) this.#process = undefined;
    })();
    return process.stopped;
  }

  #drain(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const waiter of waiting) this.#place(waiter);
  }

  #forget(gone: Waiter): void {
    const stays = (waiter: Waiter) => waiter !== gone;
    this.#queue = this.#queue.filter(stays);
    if (this.#swap) this.#swap.waiters = this.#swap.waiters.filter(stays);
  }

  #admit(id: string, change: 1 | -1): void {
    this.#admitted.set(id, (this.#admitted.get(id) ?? 0) + change);
  }

  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#options.sleep(ms, signal).catch(() => undefined);
  }
}

function createProcess(model: DemoModel, state: ModelState): Process {
  return { model, state, inFlight: 0, killed: new AbortController() };
}

function refusal(reason: Exclude<Admission, { ok: true }>['reason'], message: string): Admission {
  return { ok: false, reason, message };
}
