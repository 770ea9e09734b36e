import type { ContextSource } from './model.ts';

/** A context window in tokens, and where it is known from. */
export interface ContextWindow {
  readonly contextWindow: number | null;
  readonly contextSource: ContextSource;
}

/** The sources, the one that is believed first in front. */
const ORDER = ['configured', 'declared', 'loaded', 'learned', 'static'] as const;

/** Picks the first context window that is known. */
export function pickContextWindow(
  known: Readonly<Record<(typeof ORDER)[number], number | null>>,
): ContextWindow {
  for (const contextSource of ORDER) {
    const contextWindow = known[contextSource];
    if (contextWindow !== null) return { contextWindow, contextSource };
  }
  return { contextWindow: null, contextSource: 'unknown' };
}
