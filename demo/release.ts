/**
 * Which llama-swap a host simulates: `old` is from before `/running`, capabilities and JSON errors;
 * `v230` has those, but no statuses, no `/models`, no `/props`, and errors that are a string.
 */
export type Release = 'current' | 'v230' | 'old';
