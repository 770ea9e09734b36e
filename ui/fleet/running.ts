/** A model that a provider has in memory, loads or unloads. */
export interface RunningModel {
  /** The provider's own model ID. */
  readonly model: string;
  /** `starting`, `ready`, `stopping`, or any other state that the provider reports; null if it reports none. */
  readonly state: string | null;
}

/**
 * Reads the models in a response of `GET /api/providers/{name}/running`. Its entries have the provider's own shape:
 * entries in another shape than llama-swap's are skipped.
 */
export function readRunning(body: unknown): RunningModel[] {
  const { running } = Object(body) as { running?: unknown };
  if (!Array.isArray(running)) return [];
  return running.flatMap((entry) => {
    const { model, state } = Object(entry) as { model?: unknown; state?: unknown };
    const isNamed = typeof state === 'string' || typeof state === 'number';
    return typeof model === 'string' ? [{ model, state: isNamed ? String(state) : null }] : [];
  });
}
