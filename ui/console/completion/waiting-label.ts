import type { Answer } from './answer.ts';
import type { Target } from './target.ts';

/** What is known beyond the answer itself. */
interface Waiting {
  /** The model that was asked for, with all names that its host may give it. */
  readonly target: Pick<Target, 'model' | 'aliases'>;
  /** The model that this page itself has at work on the same host, or null. */
  readonly busyWith: string | null;
}

/**
 * What an answer is waiting for, with the whole seconds since it was asked. It claims a load only where the host says so,
 * or says what it runs and this model is not among it.
 */
export function toWaitingLabel(answer: Answer, { target, busyWith }: Waiting): string {
  const { label } = answer.respondent;
  const seconds = Math.floor(Math.max(0, answer.heardAt - answer.startedAt) / 1000);
  const since = seconds < 1 ? '…' : `, ${seconds} s`;
  const { running, isLoading } = answer;
  const names = new Set([target.model, ...target.aliases]);
  const own = running?.find(({ model }) => names.has(model));
  if (own !== undefined && (own.state ?? 'ready') === 'ready')
    return `waiting for ${label}${since}`;
  if (own?.state === 'starting') return `loading on ${label}${since}`;
  const leaving = running?.find((it) => it !== own && it.state === 'stopping')?.model ?? null;
  const holder = busyWith ?? leaving;
  if (holder !== null && own === undefined) return `${label} is busy with ${holder}${since}`;
  const isAbsent = running !== null && own === undefined;
  return `${isLoading || isAbsent ? 'loading on' : 'waiting for'} ${label}${since}`;
}
