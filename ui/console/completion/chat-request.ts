import type { Exchange } from './exchange.ts';
import type { Parameters } from './parameters.ts';
import type { Target } from './target.ts';

/** A part of a message with pictures. */
type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

/** A message in the format of OpenAI's API. */
interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly Part[];
}

/** The input of a chat completion. */
interface ChatRequest {
  readonly target: Target;
  /** The exchanges before the question. */
  readonly history: readonly Exchange[];
  readonly text: string;
  readonly images: readonly string[];
  readonly parameters: Parameters;
}

/**
 * Builds the body of a chat completion request. It includes pictures only if the model has vision, and only the
 * parameters that the user has set.
 */
export function toChatBody({ target, history, text, images, parameters }: ChatRequest): object {
  const { system, temperature, topP, maxTokens } = parameters;
  const earlier = history.flatMap((exchange) => toMessages(exchange, target.hasVision));
  const messages: Message[] = [
    ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...earlier,
    toQuestion({ text, images }, target.hasVision),
  ];
  return {
    model: target.id,
    messages: mergeQuestions(messages),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: topP }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  };
}

function toMessages({ text, images, answer }: Exchange, hasVision: boolean): Message[] {
  const question = toQuestion({ text, images }, hasVision);
  return answer.content === ''
    ? [question]
    : [question, { role: 'assistant', content: answer.content }];
}

function toQuestion(
  { text, images }: Pick<Exchange, 'text' | 'images'>,
  hasVision: boolean,
): Message {
  if (images.length === 0 || !hasVision) return { role: 'user', content: text };
  const pictures = images.map((url) => ({ type: 'image_url' as const, image_url: { url } }));
  const words = text === '' ? [] : [{ type: 'text' as const, text }];
  return { role: 'user', content: [...words, ...pictures] };
}

/** Merges consecutive user messages: the chat templates of many models reject two in a row. */
function mergeQuestions(messages: readonly Message[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const before = merged.at(-1);
    if (message.role !== 'user' || before?.role !== 'user') merged.push(message);
    else merged.splice(-1, 1, { role: 'user', content: join(before.content, message.content) });
  }
  return merged;
}

function join(first: Message['content'], second: Message['content']): Message['content'] {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [...toParts(first), ...toParts(second)];
}

function toParts(content: Message['content']): readonly Part[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
