import { PaddockError } from '../errors.ts';
import { toCallMessage } from './reply-lines.ts';
import { readReplyPart } from './reply-part.ts';
import { toDoneReason, toReplyLine, type ReplySource } from './to-reply-line.ts';
import { ToolCalls } from './tool-calls.ts';

/** Converts a whole answer for text. Throws `invalid_response` if a tool call cannot be read. */
export function toWholeReply(value: unknown, source: ReplySource): object {
  const { content, thinking, logprobs, toolCalls, finish, counts, error } = readReplyPart(value);
  if (error !== null) throw new PaddockError('invalid_response', error);
  const gathered = new ToolCalls();
  gathered.add(toolCalls);
  const calls = gathered.take();
  if ('unreadable' in calls) {
    throw new PaddockError('invalid_response', toCallMessage(source.provider, calls.unreadable));
  }
  const endedAt = source.elapsed();
  // The answer arrived at once: without the provider's times, all of it counts as output.
  const firstAt = counts.promptMs ?? 0;
  const end = { reason: toDoneReason(finish), counts, firstAt, endedAt };
  const text = { content, thinking, logprobs, toolCalls: calls };
  return toReplyLine(source, { text, end });
}
