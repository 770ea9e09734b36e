import type { Target } from '../completion/target.ts';

/** The labels of llama-swap hosts on which more than one of the models is: they may have to be loaded in turns. */
export function findSharedHosts(targets: readonly Target[]): string[] {
  const models = new Map<string, Set<string>>();
  for (const { label, model, tellsRunning } of targets) {
    if (tellsRunning) models.set(label, (models.get(label) ?? new Set()).add(model));
  }
  return [...models].filter(([, names]) => names.size > 1).map(([label]) => label);
}
