import * as v from 'valibot';
import type { ModelState } from './model.ts';

const RUNNING = v.object({
  running: v.array(
    v.fallback(v.object({ model: v.string(), state: v.string() }), { model: '', state: '' }),
  ),
});

const STATES: ReadonlySet<string> = new Set<ModelState>(['ready', 'starting', 'stopping']);

/** The models that a llama-swap host says are loaded, with their states; null where it says nothing usable. */
export function readRunning(value: unknown): ReadonlyMap<string, ModelState> | null {
  const parsed = v.safeParse(RUNNING, value);
  if (!parsed.success) return null;
  const states = parsed.output.running.map(
    ({ model, state }) => [model, STATES.has(state) ? (state as ModelState) : 'unknown'] as const,
  );
  return new Map(states);
}
