import type { Target } from '../completion/target.ts';

/**
 * Returns the labels of the providers that report their running models and serve more than one of the models: such a
 * provider may have to load them in turns.
 */
export function findSharedHosts(targets: readonly Target[]): string[] {
  const models = new Map<string, Set<string>>();
  for (const { label, model, reportsRunning } of targets) {
    if (reportsRunning) models.set(label, (models.get(label) ?? new Set()).add(model));
  }
  return [...models].filter(([, names]) => names.size > 1).map(([label]) => label);
}
