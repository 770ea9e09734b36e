/**
 * The llama-swap release that a host simulates: `old` has no `/running`, no capabilities and no JSON errors; `v230` has
 * those, but no statuses, no `/models` and no `/props`, and its errors are strings.
 */
export type Release = 'current' | 'v230' | 'old';
