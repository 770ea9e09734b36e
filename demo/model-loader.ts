// Decides which models of a simulated host are loaded, and who waits for what, as llama-swap's own scheduler does.
// A request for a loaded model is served at once, unless it evicts others; a model that works is never evicted.
// It must not know HTTP, write replies or read a clock: waiting comes in as `sleep`.
import type { DemoModel } from './demo-model.ts';
import { createFindEvicted, type FindEvicted, type ModelGroup } from './model-groups.ts';
import type { Sleep } from './sleep.ts';

/** What `/running` calls the state of a process. */
export type ModelState = 'starting' | 'ready' | 'stopping';

/** The right to use a loaded model until `release`; while it is held, the model is not evicted. */
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
  /** The models that are ready from the start, without counting as loads. */
  loaded?: DemoModel[];
  groups?: ModelGroup[];
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
  /** How often it was given to a caller or taken back: what it is when the model was last used. */
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

/** Builds the swapping machine; nothing is loaded unless `loaded` says so. */
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

  /** Serves a waiter, lets it join or begin a swap, or queues it: the order of llama-swap's own. */
  #place(waiter: Waiter): void {
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

  /** Whether a swap for that model would disturb another, or a model that works. */
  #mustWait(id: string, evicted: string[]): boolean {
    const collides = [...this.#swaps.values()].some(
      (other) =>
        evicted.includes(other.model.id) ||
        other.evicted.includes(id) ||
        other.evicted.some((one) => evicted.includes(one)),
    );
    const isBusy = evicted.some((one) => (this.#processes.get(one)?.inFlight ?? 0) > 0);
    return this.#unloads > 0 || collides || isBusy;
  }

  /** Carries a swap through, with or without waiters, unless an unload takes its place. */
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
    await this.#pause(loadMs, process.killed.signal);
    if (this.#swaps.get(id) !== swap) return process;
    if (startError === undefined) process.state = 'ready';
    else this.#processes.delete(id);
    return process;
  }

  #grant(process: Process, waiter: Waiter): void {
    process.inFlight += 1;
    process.uses += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      process.inFlight -= 1;
      process.uses += 1;
      this.#admit(process.model.id, -1);
      if (process.inFlight > 0) return;
      void this.#expire(process);
      this.#drain();
    };
    waiter.settle({ ok: true, lease: { signal: process.killed.signal, release } });
  }

  /** Stops a model that nobody has used for its time to live. */
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
    })();
    await process.stopped;
  }

  #drain(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const waiter of waiting) this.#place(waiter);
  }

  #forget(gone: Waiter): void {
    const stays = (waiter: Waiter) => waiter !== gone;
    this.#queue = this.#queue.filter(stays);
    for (const swap of this.#swaps.values()) swap.waiters = swap.waiters.filter(stays);
  }

  #admit(id: string, change: 1 | -1): void {
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
