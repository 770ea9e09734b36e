// Decides which models of a simulated host are loaded and which requests wait, as llama-swap's scheduler does.
// A request for a loaded model runs at once unless it evicts other models. A busy model is never evicted.
// This file must not use HTTP, write replies or read a clock: `sleep` is passed in.
import type { DemoModel } from './demo-model.ts';
import { createFindEvicted, type FindEvicted, type ModelGroup } from './model-groups.ts';
import type { Sleep } from './sleep.ts';

/** The state of a process, as `/running` names it. */
export type ModelState = 'starting' | 'ready' | 'stopping';

/** A change of a process that its host logs. */
export type ModelChange = 'starting' | 'ready' | 'failed' | 'stopped';

/** The right to use a loaded model until `release`. The model is not evicted before. */
export interface Lease {
  /** Aborts when the model is unloaded during the work. */
  signal: AbortSignal;
  /** Releases the model. A second call does nothing. */
  release: () => void;
}

/** A lease, or the reason for a refusal: `gone` means that the client disconnected. */
export type Admission =
  | { ok: true; lease: Lease }
  | { ok: false; reason: 'full' | 'failed' | 'unloaded' | 'gone'; message: string };

/** The options of a loader. */
export interface ModelLoaderOptions {
  sleep: Sleep;
  /** The waiting and running requests that one model accepts; 10 by default. */
  concurrencyLimit?: number;
  /** The models that are ready at the start. They do not count as loads. */
  loaded?: DemoModel[];
  groups?: ModelGroup[];
  /** Called with each change of a process, except those of the models that are loaded at the start. */
  onChange?: (model: DemoModel, change: ModelChange) => void;
}

/** The scheduler of one host. */
export interface ModelLoader {
  /** The number of starts of each model, by ID. */
  loads: Map<string, number>;
  /** Waits until the model is ready, and starts it if needed. Leaves the queue on abort. */
  acquire(model: DemoModel, signal?: AbortSignal): Promise<Admission>;
  isFull(id: string): boolean;
  /** Returns the state of a model; `undefined` when it is stopped. */
  stateOf(id: string): ModelState | undefined;
  /** Stops these models, aborts their work, and resolves when they have stopped. */
  unload(ids: string[]): Promise<void>;
}

interface Process {
  model: DemoModel;
  state: ModelState;
  inFlight: number;
  /** Counts each grant and release. An unchanged count means that the model was not used since. */
  uses: number;
  killed: AbortController;
  stopped?: Promise<void>;
}

interface Waiter {
  model: DemoModel;
  settle(admission: Admission): void;
}

interface Swap {
  model: DemoModel;
  evicted: string[];
  waiters: Waiter[];
}

/** Creates the scheduler of a host. Only the models in `loaded` are loaded at the start. */
export function createModelLoader(options: ModelLoaderOptions): ModelLoader {
  return new SwappingLoader(options);
}

class SwappingLoader implements ModelLoader {
  readonly loads = new Map<string, number>();
  readonly #options: ModelLoaderOptions;
  readonly #findEvicted: FindEvicted;
  readonly #admitted = new Map<string, number>();
  readonly #processes = new Map<string, Process>();
  readonly #swaps = new Map<string, Swap>();
  #queue: Waiter[] = [];
  #unloads = 0;

  constructor(options: ModelLoaderOptions) {
    this.#options = options;
    this.#findEvicted = createFindEvicted(options.groups);
    for (const model of options.loaded ?? []) {
      const process = createProcess(model, 'ready');
      this.#processes.set(model.id, process);
      void this.#expire(process);
    }
  }

  isFull(id: string): boolean {
    return (this.#admitted.get(id) ?? 0) >= (this.#options.concurrencyLimit ?? 10);
  }

  stateOf(id: string): ModelState | undefined {
    return this.#processes.get(id)?.state;
  }

  async acquire(model: DemoModel, signal?: AbortSignal): Promise<Admission> {
    if (signal?.aborted) return refusal('gone', 'the client disconnected');
    if (this.isFull(model.id)) return refusal('full', 'Too many requests');
    this.#countAdmitted(model.id, 1);
    return new Promise((resolve) => {
      const onAbort = () => {
        this.#removeWaiter(waiter);
        waiter.settle(refusal('gone', 'the client disconnected'));
      };
      const waiter: Waiter = {
        model,
        settle: (admission) => {
          signal?.removeEventListener('abort', onAbort);
          if (!admission.ok) this.#countAdmitted(model.id, -1);
          resolve(admission);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#schedule(waiter);
    });
  }

  async unload(ids: string[]): Promise<void> {
    const isTarget = (waiter: Waiter) => ids.includes(waiter.model.id);
    const dropped = this.#queue.filter(isTarget);
    this.#queue = this.#queue.filter((waiter) => !isTarget(waiter));
    for (const id of ids) {
      dropped.push(...(this.#swaps.get(id)?.waiters ?? []));
      this.#swaps.delete(id);
    }
    for (const waiter of dropped) waiter.settle(refusal('unloaded', 'group: model unloaded'));
    this.#unloads += 1;
    await Promise.all(ids.map((id) => this.#stop(id)));
    this.#unloads -= 1;
    this.#drain();
  }

  /** Serves a waiter, lets it join or begin a swap, or queues it, in the order of llama-swap. */
  #schedule(waiter: Waiter): void {
    const { id } = waiter.model;
    const joined = this.#swaps.get(id);
    if (joined !== undefined) {
      joined.waiters.push(waiter);
      return;
    }
    const evicted = this.#findEvicted(id, [...this.#processes.keys(), ...this.#swaps.keys()]);
    if (this.#mustWait(id, evicted)) {
      this.#queue.push(waiter);
      return;
    }
    const process = this.#processes.get(id);
    if (process?.state === 'ready' && evicted.length === 0) {
      this.#grant(process, waiter);
      return;
    }
    const swap = { model: waiter.model, evicted, waiters: [waiter] };
    this.#swaps.set(id, swap);
    void this.#run(swap);
  }

  /** Whether a swap for that model would disturb another swap or a busy model. */
  #mustWait(id: string, evicted: string[]): boolean {
    const conflicts = [...this.#swaps.values()].some(
      (other) =>
        evicted.includes(other.model.id) ||
        other.evicted.includes(id) ||
        other.evicted.some((one) => evicted.includes(one)),
    );
    const isBusy = evicted.some((one) => (this.#processes.get(one)?.inFlight ?? 0) > 0);
    return this.#unloads > 0 || conflicts || isBusy;
  }

  /** Completes a swap, with or without waiters, unless an unload cancels it. */
  async #run(swap: Swap): Promise<void> {
    const { id } = swap.model;
    await Promise.all(swap.evicted.map((one) => this.#stop(one)));
    await this.#processes.get(id)?.stopped;
    if (this.#swaps.get(id) !== swap) return;
    const process = this.#processes.get(id) ?? (await this.#start(swap));
    if (this.#swaps.get(id) !== swap) return;
    this.#swaps.delete(id);
    const { startError } = swap.model;
    for (const waiter of swap.waiters) {
      if (startError === undefined) this.#grant(process, waiter);
      else waiter.settle(refusal('failed', startError));
    }
    this.#drain();
  }

  async #start(swap: Swap): Promise<Process> {
    const { id, loadMs, startError } = swap.model;
    const process = createProcess(swap.model, 'starting');
    this.#processes.set(id, process);
    this.loads.set(id, (this.loads.get(id) ?? 0) + 1);
    this.#options.onChange?.(swap.model, 'starting');
    await this.#pause(loadMs, process.killed.signal);
    if (this.#swaps.get(id) !== swap) return process;
    if (startError === undefined) process.state = 'ready';
    else this.#processes.delete(id);
    this.#options.onChange?.(swap.model, startError === undefined ? 'ready' : 'failed');
    return process;
  }

  #grant(process: Process, waiter: Waiter): void {
    process.inFlight += 1;
    process.uses += 1;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      process.inFlight -= 1;
      process.uses += 1;
      this.#countAdmitted(process.model.id, -1);
      if (process.inFlight > 0) return;
      void this.#expire(process);
      this.#drain();
    };
    waiter.settle({ ok: true, lease: { signal: process.killed.signal, release } });
  }

  /** Stops a model that was idle for its time to live. */
  async #expire(process: Process): Promise<void> {
    const { id, ttl = 0 } = process.model;
    if (ttl === 0) return;
    const { uses } = process;
    await this.#pause(ttl * 1000, process.killed.signal);
    if (process.uses !== uses || this.#processes.get(id) !== process) return;
    await this.#stop(id);
    this.#drain();
  }

  async #stop(id: string): Promise<void> {
    const process = this.#processes.get(id);
    if (process === undefined) return;
    process.stopped ??= (async () => {
      process.state = 'stopping';
      process.killed.abort();
      await this.#pause(Math.min(process.model.loadMs / 10, 400));
      this.#processes.delete(id);
      this.#options.onChange?.(process.model, 'stopped');
    })();
    await process.stopped;
  }

  #drain(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const waiter of waiting) this.#schedule(waiter);
  }

  #removeWaiter(gone: Waiter): void {
    const stays = (waiter: Waiter) => waiter !== gone;
    this.#queue = this.#queue.filter(stays);
    for (const swap of this.#swaps.values()) swap.waiters = swap.waiters.filter(stays);
  }

  #countAdmitted(id: string, change: 1 | -1): void {
    this.#admitted.set(id, (this.#admitted.get(id) ?? 0) + change);
  }

  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#options.sleep(ms, signal).catch(() => undefined);
  }
}

function createProcess(model: DemoModel, state: ModelState): Process {
  return { model, state, inFlight: 0, uses: 0, killed: new AbortController() };
}

function refusal(reason: Exclude<Admission, { ok: true }>['reason'], message: string): Admission {
  return { ok: false, reason, message };
}
