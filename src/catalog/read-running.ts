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

// Fields are young in some releases: an odd entry is skipped, and an odd command is none.
const ENTRY = v.object({ model: v.string(), state: v.string(), cmd: v.fallback(v.string(), '') });

const STATES: ReadonlySet<string> = new Set<ModelState>(['ready', 'starting', 'stopping']);

/** The models that a llama-swap has loaded, by name. */
export function toRunningModels(entries: readonly unknown[]): ReadonlyMap<string, RunningModel> {
  const models = new Map<string, RunningModel>();
  for (const entry of entries) {
    const parsed = v.safeParse(ENTRY, entry);
    // No request could name a model whose ID has a fault.
    if (!parsed.success || findIdFault(parsed.output.model) !== null) continue;
    const { model, state: text, cmd } = parsed.output;
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
