import { toObject } from './json.ts';
import type { Json } from './json.ts';
import { pickToolCall } from './tool-call.ts';
import type { Tool, ToolCall, ToolChoice } from './tool-call.ts';

/** One message of a conversation. A tool's result has the role `tool`, whichever the API. */
export interface Message {
  role: string;
  text: string;
}

/** The parts of a text request that the simulation uses, independent of the API. */
export interface TextRequest {
  /** The model's name in the client's request. */
  model: string;
  stream: boolean;
  includeUsage: boolean;
  /** The text of all messages, for counting. */
  transcript: string;
  /** The user's last message. */
  prompt: string;
  /** The result of a tool, if it is the last message. The reply then contains no second call, whatever the choice. */
  toolResult?: string;
  /** The tool call of the reply, instead of text. */
  toolCall?: ToolCall;
  maxTokens: number;
}

/** The parts that each API's reader takes from a request. */
export interface TextRequestParts {
  json: Json;
  messages: Message[];
  /** The token limit. Values other than a number above 0 mean no limit. */
  limit: unknown;
  tools?: Tool[];
  choice?: ToolChoice;
}

/** Creates the request for text from its parts. */
export function createTextRequest({
  json,
  messages,
  limit,
  tools = [],
  choice = 'auto',
}: TextRequestParts): TextRequest {
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
