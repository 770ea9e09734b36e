import { isUnderWay, type Answer } from './answer.ts';

/** How fast tokens came. */
export interface Rate {
  readonly tokensPerSecond: number;
  /** Whether pieces of text were counted for want of the host's own count; one may hold several tokens. */
  readonly isCounted: boolean;
}

/** How fast an answer came, or null where too little has. The host's own measure goes before what was seen here. */
export function toRate(answer: Answer): Rate | null {
  const { rate, tokens, chunks, firstAt, lastAt } = answer;
  if (rate !== null) return { tokensPerSecond: rate, isCounted: false };
  if (firstAt === null || lastAt === null || lastAt <= firstAt || chunks < 2) return null;
  const seconds = (lastAt - firstAt) / 1000;
  // The first piece was there when the clock began.
  const isCounted = tokens === null || tokens < chunks;
  const seen = isCounted ? chunks - 1 : (tokens * (chunks - 1)) / chunks;
  return { tokensPerSecond: seen / seconds, isCounted };
}

/** How long the first token was waited for, in milliseconds, or null while none has come. */
export function toFirstTokenMs({ startedAt, firstAt }: Answer): number | null {
  return firstAt === null ? null : Math.max(0, firstAt - startedAt);
}

/** The measures of an answer in words: `41 tokens/s · first after 0.4 s · 312 tokens`, counted ones with `~`. */
export function toMetricsLabel(answer: Answer): string {
  const rate = toRate(answer);
  const firstMs = toFirstTokenMs(answer);
  const hasText = answer.chunks > 0;
  return [
    rate === null ? null : `${rate.isCounted ? '~' : ''}${toShort(rate.tokensPerSecond)} tokens/s`,
    firstMs === null ? null : `${hasText ? 'first' : 'done'} after ${toTimeLabel(firstMs)}`,
    answer.tokens === null || isUnderWay(answer) ? null : `${answer.tokens} tokens`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** A time in seconds, with a decimal while that says something: `80 ms`, `0.4 s`, `12 s`. */
export function toTimeLabel(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function toShort(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
