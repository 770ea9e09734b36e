import type { ContextSource } from './model.ts';

/** A context window in tokens, and where it is known from. */
export interface ContextWindow {
  readonly contextWindow: number | null;
  readonly contextSource: ContextSource;
}

/** Picks the first context window that is known: what the owner configured, then what the host declares. */
export function pickContextWindow(known: {
  configured: number | null;
  declared: number | null;
}): ContextWindow {
  if (known.configured !== null) {
    return { contextWindow: known.configured, contextSource: 'configured' };
  }
  if (known.declared !== null) return { contextWindow: known.declared, contextSource: 'declared' };
  return { contextWindow: null, contextSource: 'unknown' };
}
