import { toObject } from './json.ts';
import type { Json } from './json.ts';
import { pickToolCall } from './tool-call.ts';
import type { Tool, ToolCall, ToolChoice } from './tool-call.ts';

/** One message of a conversation; `tool` is the role of a tool's result in every API. */
export interface Message {
  role: string;
  text: string;
}

/** A request for text, as far as the simulation cares, whichever API it came by. */
export interface Ask {
  /** The model as the client named it. */
  model: string;
  stream: boolean;
  includeUsage: boolean;
  /** The text of all messages, for counting. */
  transcript: string;
  /** What the user said last. */
  prompt: string;
  /** What a tool has just answered; there is no second call then, whatever the choice. */
  toolResult?: string;
  /** The call to answer with, instead of text. */
  toolCall?: ToolCall;
  maxTokens: number;
}

/** What each API's reader takes from a request. */
export interface AskParts {
  json: Json;
  messages: Message[];
  /** The token limit; none unless it is a number above 0. */
  limit: unknown;
  tools?: Tool[];
  choice?: ToolChoice;
}

/** Decides what is asked. */
export function createAsk({ json, messages, limit, tools = [], choice = 'auto' }: AskParts): Ask {
  const prompt = messages.findLast(({ role }) => role === 'user')?.text ?? '';
  const last = messages.at(-1);
  const toolResult = last?.role === 'tool' ? last.text : undefined;
  const toolCall = toolResult === undefined && pickToolCall({ tools, choice, prompt });
  return {
    model: String(json['model'] ?? ''),
    stream: json['stream'] === true,
    includeUsage: toObject(json['stream_options'])['include_usage'] === true,
    transcript: messages.map(({ text }) => text).join('\n'),
    prompt,
    ...(toolResult !== undefined && { toolResult }),
    ...(toolCall && { toolCall }),
    maxTokens: typeof limit === 'number' && limit > 0 ? limit : Infinity,
  };
}
