import * as v from 'valibot';
import { findIdFault } from '../../resolve/composite-id.ts';
import type { ProviderKind } from '../provider-kind.ts';
import type { ModelState, RunningModel, RunningModels } from '../provider-models.ts';
import { RUNNING, RUNNING_ENTRIES } from './llama-swap-bodies.ts';
import { readCommand } from './read-command.ts';

// Some releases lack some fields: an invalid entry is skipped, and an invalid command counts as empty.
const ENTRY = v.object({
  model: v.string(),
  state: v.string(),
  cmd: v.fallback(v.string(), ''),
  ttl: v.fallback(v.nullish(v.pipe(v.number(), v.integer())), null),
});

const STATES: ReadonlySet<string> = new Set<ModelState>(['ready', 'starting', 'stopping']);

/** Reads the models that a llama-swap has loaded, by name. */
export function toRunningModels(entries: readonly unknown[]): RunningModels {
  const models = new Map<string, RunningModel>();
  for (const entry of entries) {
    const parsed = v.safeParse(ENTRY, entry);
    // No request can name a model with an invalid ID.
    if (!parsed.success || findIdFault(parsed.output.model) !== null) continue;
    const { model, state: text, cmd, ttl } = parsed.output;
    const before = models.get(model);
    const state = STATES.has(text) ? (text as ModelState) : 'unknown';
    // A model that is listed in two states counts as unknown: only a model that is certainly ready may be sent requests.
    const isAmbiguous = before !== undefined && before.state !== state;
    models.set(model, {
      state: isAmbiguous ? 'unknown' : state,
      commandContext: isAmbiguous ? null : readCommand(cmd),
      ...(typeof ttl === 'number' && { ttl }),
    });
  }
  return models;
}

/** The loaded models of a llama-swap. */
export const llamaSwapRunning: NonNullable<ProviderKind['running']> = {
  async read(ask) {
    const outcome = await ask({ path: '/running', body: RUNNING });
    if (outcome.kind !== 'ok') return outcome;
    return { kind: 'ok', value: toRunningModels(outcome.value.running) };
  },
  async show(ask) {
    const outcome = await ask({ path: '/running', body: RUNNING_ENTRIES, readsErrors: true });
    if (outcome.kind !== 'ok') return outcome;
    // `cmd` and `proxy` may hold secrets and internal addresses.
    const running = outcome.value.running.map(({ cmd: _cmd, proxy: _proxy, ...entry }) => entry);
    return { kind: 'ok', value: { ...outcome.value, running } };
  },
};
