import type { OptionRow } from './to-sections.ts';

/** The option that the keyboard is on when a list opens: the chosen model's first one, else the first of all. */
export function pickFirstActive(
  options: readonly OptionRow[],
  chosenId: string | null,
): OptionRow | null {
  return options.find(({ model }) => model.id === chosenId) ?? options[0] ?? null;
}

/**
 * The option that the keyboard is on, now that the list has changed: the same one, else the same model elsewhere in the list,
 * else what stands at its place now.
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
