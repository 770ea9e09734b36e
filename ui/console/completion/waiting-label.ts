import type { Answer } from './answer.ts';
import type { Target } from './target.ts';

/** Information about a waiting answer that the answer itself does not hold. */
interface WaitingContext {
  /** The requested model, with all names that its provider may report for it. */
  readonly target: Pick<Target, 'model' | 'aliases'>;
  /** Another model of the same provider that streams an answer to this page, or null. */
  readonly busyWith: string | null;
}

/**
 * Returns what an answer is waiting for, with the whole seconds since the request. It mentions a load only if the
 * provider reports one, or reports its running models without this one.
 */
export function toWaitingLabel(answer: Answer, { target, busyWith }: WaitingContext): string {
  const { label } = answer.respondent;
  const seconds = Math.floor(Math.max(0, answer.heardAt - answer.startedAt) / 1000);
  const since = seconds < 1 ? '…' : `, ${seconds} s`;
  const { running, isLoading } = answer;
  const names = new Set([target.model, ...target.aliases]);
  const own = running?.find(({ model }) => names.has(model));
  if (own !== undefined && (own.state ?? 'ready') === 'ready')
    return `waiting for ${label}${since}`;
  if (own?.state === 'starting') return `loading on ${label}${since}`;
  const stopping = running?.find((it) => it !== own && it.state === 'stopping')?.model ?? null;
  const blocker = busyWith ?? stopping;
  if (blocker !== null && own === undefined) return `${label} is busy with ${blocker}${since}`;
  const isAbsent = running !== null && own === undefined;
  return `${isLoading || isAbsent ? 'loading on' : 'waiting for'} ${label}${since}`;
}
