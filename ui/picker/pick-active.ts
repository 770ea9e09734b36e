import type { OptionRow } from './to-sections.ts';

/** Returns the option that is active when a list opens: the first one of the chosen model, else the first option. */
export function pickFirstActive(
  options: readonly OptionRow[],
  chosenId: string | null,
): OptionRow | null {
  return options.find(({ model }) => model.id === chosenId) ?? options[0] ?? null;
}

/**
 * Returns the active option after the list has changed: the same option, else another one of the same model, else the
 * option now at the same index.
 */
export function keepActive(
  options: readonly OptionRow[],
  before: OptionRow | null,
): OptionRow | null {
  if (before === null) return null;
  return (
    options.find(({ key }) => key === before.key) ??
    options.find(({ model }) => model.id === before.model.id) ??
    options[Math.min(before.index, options.length - 1)] ??
    null
  );
}
