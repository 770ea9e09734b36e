import * as v from 'valibot';
import { findIdFault } from '../resolve/composite-id.ts';
import type { ModelState } from './model.ts';
import { readCommand } from './read-command.ts';

/** A model that a provider reports as loaded. */
export interface RunningModel {
  readonly state: ModelState;
  /** The context window that its command line sets, in tokens, or null. */
  readonly commandContext: number | null;
}

// Some releases lack some fields: an invalid entry is skipped, and an invalid command counts as empty.
const ENTRY = v.object({ model: v.string(), state: v.string(), cmd: v.fallback(v.string(), '') });

const STATES: ReadonlySet<string> = new Set<ModelState>(['ready', 'starting', 'stopping']);

/** Reads the models that a llama-swap has loaded, by name. */
export function toRunningModels(entries: readonly unknown[]): ReadonlyMap<string, RunningModel> {
  const models = new Map<string, RunningModel>();
  for (const entry of entries) {
    const parsed = v.safeParse(ENTRY, entry);
    // No request can name a model with an invalid ID.
    if (!parsed.success || findIdFault(parsed.output.model) !== null) continue;
    const { model, state: text, cmd } = parsed.output;
    const before = models.get(model);
    const state = STATES.has(text) ? (text as ModelState) : 'unknown';
    // A model that is listed in two states counts as unknown: only a model that is certainly ready may be sent requests.
    const isOdd = before !== undefined && before.state !== state;
    models.set(model, {
      state: isOdd ? 'unknown' : state,
      commandContext: isOdd ? null : readCommand(cmd),
    });
  }
  return models;
}
