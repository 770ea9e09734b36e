import type { ReplyCounts, ReplyPart } from './reply-part.ts';
import type { ToolCall } from './tool-calls.ts';

/** The route of Ollama's API that a reply answers. */
export type ReplyRoute = 'chat' | 'generate' | 'embed' | 'embeddings';

/** The parts of a reply that are not in the provider's answer. */
export interface ReplySource {
  readonly route: ReplyRoute;
  /** The model as the client named it. */
  readonly model: string;
  /** The provider's name, for messages. */
  readonly provider: string;
  /** Returns the milliseconds since the request arrived. */
  readonly elapsed: () => number;
  /** Returns the time in ISO 8601. */
  readonly now: () => string;
}

/** The text that one line adds. */
export interface ReplyText extends Pick<ReplyPart, 'content' | 'thinking' | 'logprobs'> {
  readonly toolCalls: readonly ToolCall[];
}

/** The text of a line that adds nothing. */
export const NO_TEXT: ReplyText = { content: '', thinking: '', logprobs: [], toolCalls: [] };

/** How a reply ended, with times in milliseconds since the request arrived. */
export interface ReplyEnd {
  readonly reason: string;
  readonly counts: ReplyCounts;
  readonly firstAt: number;
  readonly endedAt: number;
}

type Line = Readonly<Record<string, unknown>>;

/** Returns a line of a reply, or a whole reply if it has an end. */
export function toReplyLine(
  { route, model, now }: ReplySource,
  { text, end }: { text: ReplyText; end: ReplyEnd | null },
): Line {
  const { content, thinking, toolCalls, logprobs } = text;
  const added = {
    ...(thinking !== '' && { thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  return {
    model,
    created_at: now(),
    ...(route === 'chat'
      ? { message: { role: 'assistant', content, ...added } }
      : { response: content, ...added }),
    ...(logprobs.length > 0 && { logprobs }),
    done: end !== null,
    ...(end !== null && { done_reason: end.reason, ...toMetrics(end) }),
  };
}

/** Returns the reply to a request that generates nothing, and only loads or unloads the model. */
export function toEmptyReply(source: ReplySource, reason: string): Line {
  const line = toReplyLine(source, { text: NO_TEXT, end: null });
  return { ...line, done: true, done_reason: reason };
}

/** Converts a finish reason. Ollama knows "stop" and "length"; a reply with tool calls ends with "stop". */
export function toDoneReason(finish: string | null): string {
  return finish === 'length' ? 'length' : 'stop';
}

/** Returns counts, and durations in nanoseconds: unless reported, the prompt takes until the first token. */
function toMetrics({ counts, firstAt, endedAt }: ReplyEnd): Line {
  const promptMs = counts.promptMs ?? firstAt;
  const outputMs = counts.outputMs ?? endedAt - firstAt;
  const loadMs = counts.promptMs === null ? 0 : Math.max(0, firstAt - promptMs);
  return {
    total_duration: toNanoseconds(endedAt),
    load_duration: toNanoseconds(loadMs),
    prompt_eval_count: counts.prompt ?? 0,
    prompt_eval_duration: toNanoseconds(promptMs),
    eval_count: counts.output ?? 0,
    eval_duration: toNanoseconds(outputMs),
  };
}

/** Converts milliseconds to whole nanoseconds. */
export function toNanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}
