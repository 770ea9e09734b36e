/** A model that a llama-swap host has in memory, or on its way in or out. */
export interface RunningModel {
  /** The host's own name for it. */
  readonly model: string;
  /** `starting`, `ready` or `stopping`; what a host says beyond that is passed on. */
  readonly state: string;
}

/** What a host's answer at `/running` names; entries of another shape are left out. */
export function readRunning(body: unknown): RunningModel[] {
  const { running } = Object(body) as { running?: unknown };
  if (!Array.isArray(running)) return [];
  return running.flatMap((entry) => {
    const { model, state } = Object(entry) as { model?: unknown; state?: unknown };
    return typeof model === 'string' ? [{ model, state: String(state ?? 'ready') }] : [];
  });
}
