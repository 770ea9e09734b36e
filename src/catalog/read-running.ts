import * as v from 'valibot';
import { findIdFault } from '../resolve/composite-id.ts';
import type { ModelState } from './model.ts';
import { readCommand } from './read-command.ts';

/** A model that a host says is loaded. */
export interface RunningModel {
  readonly state: ModelState;
  /** The context window that its command line sets, in tokens, or null. */
  readonly commandContext: number | null;
}

const RUNNING = v.object({
  running: v.array(
    v.fallback(
      v.object({ model: v.string(), state: v.string(), cmd: v.fallback(v.string(), '') }),
      { model: '', state: '', cmd: '' },
    ),
  ),
});

const STATES: ReadonlySet<string> = new Set<ModelState>(['ready', 'starting', 'stopping']);

/** The models that a llama-swap host says are loaded, by name; null where it says nothing usable. */
export function readRunning(value: unknown): ReadonlyMap<string, RunningModel> | null {
  const parsed = v.safeParse(RUNNING, value);
  if (!parsed.success) return null;
  const models = new Map<string, RunningModel>();
  for (const { model, state: text, cmd } of parsed.output.running) {
    // Nobody could ask for it.
    if (findIdFault(model) !== null) continue;
    const before = models.get(model);
    const state = STATES.has(text) ? (text as ModelState) : 'unknown';
    // Of a model that stands there in two states, neither is believed: only what is surely ready may be asked.
    const isOdd = before !== undefined && before.state !== state;
    models.set(model, {
      state: isOdd ? 'unknown' : state,
      commandContext: isOdd ? null : readCommand(cmd),
    });
  }
  return models;
}
