/** A model that a provider has in memory, or loads or unloads now. */
export interface RunningModel {
  /** The provider's own name for it. */
  readonly model: string;
  /** `starting`, `ready`, `stopping`, or what else the provider reports; null where it reports none. */
  readonly state: string | null;
}

/**
 * The models in an answer of `GET /api/providers/{name}/running`. Its entries have the provider's own shape: those of
 * another shape than llama-swap's are left out.
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
