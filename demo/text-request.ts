import { toSample } from './json-schema/to-sample.ts';
import { toObject } from './json.ts';
import type { Json } from './json.ts';
import { readOutputFormat } from './output-format.ts';
import { pickToolCall } from './tool-call.ts';
import type { Tool, ToolCall, ToolChoice } from './tool-call.ts';

/** One message of a conversation. A tool's result has the role `tool` in every API. */
export interface Message {
  role: string;
  /** The text parts. Clients add parts of their own, such as reminders, before the user's. */
  texts: string[];
  /** The names of the tools that the message calls. */
  calls?: string[];
}

/** The parts of a text request that the simulation uses, independent of the API. */
export interface TextRequest {
  /** The model's name in the client's request. */
  model: string;
  stream: boolean;
  includeUsage: boolean;
  /** The text of all messages, for counting. */
  transcript: string;
  /** The last text part of the user's last message. */
  prompt: string;
  /** The result of a tool, if it is the last message. */
  toolResult?: string;
  /** The tool call of the reply, instead of text. */
  toolCall?: ToolCall;
  /** The API's field for JSON output. */
  format: unknown;
  /** The JSON text of the reply, if the request asks for JSON. */
  json?: string;
  /** Whether a model that reasons does so for this request. */
  reasons: boolean;
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
  /** The API's field for JSON output. */
  format?: unknown;
  reasons?: boolean;
}

/** Creates the request for text from its parts. Returns an error message if its output format is unknown. */
export function createTextRequest({
  json,
  messages,
  limit,
  tools = [],
  choice = 'auto',
  format,
  reasons = false,
}: TextRequestParts): TextRequest | string {
  const transcript = messages.flatMap(({ texts }) => texts).join('\n');
  const schema = readOutputFormat(format, transcript);
  if (typeof schema === 'string') return schema;
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const prompt = messages[asked]?.texts.at(-1) ?? '';
  const called = messages.slice(asked + 1).flatMap(({ calls = [] }) => calls);
  const last = messages.at(-1);
  const toolResult = last?.role === 'tool' ? last.texts.join(' ') : undefined;
  const isUnknownCall = toolResult !== undefined && called.length === 0;
  const toolCall = isUnknownCall ? undefined : pickToolCall({ tools, called, choice, prompt });
  return {
    model: String(json['model'] ?? ''),
    stream: json['stream'] === true,
    includeUsage: toObject(json['stream_options'])['include_usage'] === true,
    transcript,
    prompt,
    ...(toolResult !== undefined && { toolResult }),
    ...(toolCall && { toolCall }),
    ...(schema && { json: JSON.stringify(toSample(schema, { prompt: toolResult ?? prompt })) }),
    format,
    reasons,
    maxTokens: typeof limit === 'number' && limit > 0 ? limit : Infinity,
  };
}
