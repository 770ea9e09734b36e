import { isInProgress, type Answer } from './answer.ts';

/** The token rate of an answer. */
export interface Rate {
  readonly tokensPerSecond: number;
  /**
   * Whether the rate counts chunks, because the provider reports no usable token count. A chunk may hold several
   * tokens.
   */
  readonly isCounted: boolean;
}

/** Returns the token rate of an answer, or null if too little has arrived. Prefers the provider's own measurement. */
export function toRate(answer: Answer): Rate | null {
  const { rate, tokens, chunks, firstAt, lastAt } = answer;
  if (rate !== null) return { tokensPerSecond: rate, isCounted: false };
  if (firstAt === null || lastAt === null || lastAt <= firstAt || chunks < 2) return null;
  const seconds = (lastAt - firstAt) / 1000;
  // Exclude the first chunk: the clock starts when it arrives.
  const isCounted = tokens === null || tokens < chunks;
  const seen = isCounted ? chunks - 1 : (tokens * (chunks - 1)) / chunks;
  return { tokensPerSecond: seen / seconds, isCounted };
}

/** Returns the time to the first token in milliseconds, or null before it has arrived. */
export function toFirstTokenMs({ startedAt, firstAt }: Answer): number | null {
  return firstAt === null ? null : Math.max(0, firstAt - startedAt);
}

/**
 * Formats the metrics of an answer: `41 tokens/s · first after 0.4 s · 312 tokens`, with `~` before a rate of chunks.
 */
export function toMetricsLabel(answer: Answer): string {
  const rate = toRate(answer);
  const firstMs = toFirstTokenMs(answer);
  const hasText = answer.chunks > 0;
  return [
    rate === null ? null : `${rate.isCounted ? '~' : ''}${toShort(rate.tokensPerSecond)} tokens/s`,
    firstMs === null ? null : `${hasText ? 'first token' : 'done'} after ${toTimeLabel(firstMs)}`,
    answer.tokens === null || isInProgress(answer) ? null : `${answer.tokens} tokens`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Formats a duration: `80 ms`, `0.4 s`, `12 s`; seconds have a decimal below 10. */
export function toTimeLabel(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function toShort(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
