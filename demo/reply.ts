// The replies of simulated models, independent of the API: a text, split into the pieces that count as tokens, or a tool
// call. Each API defines its form on the wire, and the server defines the speed.
import type { TextRequest } from './text-request.ts';
import type { ToolCall } from './tool-call.ts';

/** Writes the text of a reply. A test may pass its own. */
export type ReplyWriter = (about: {
  host: string;
  model: string;
  prompt: string;
  toolResult?: string;
}) => string;

/** A reply, before it is converted to an API's form. */
export interface Reply {
  /** 32 hex digits. Each API adds its prefix. */
  id: string;
  /** The time of creation, in seconds. */
  created: number;
  model: string;
  prompt: string;
  /** The pieces of the reasoning before the text; none for most models. */
  reasoning: string[];
  /** The pieces of the text, or of the call's arguments. */
  tokens: string[];
  toolCall?: ToolCall;
  finish: 'stop' | 'length' | 'tool_calls';
  includeUsage: boolean;
  /** The request's field for JSON output. */
  format: unknown;
  usage: { prompt: number; completion: number };
}

/** Returns a sentence that names the host and the model. */
export function introduce({ host, model }: { host: string; model: string }): string {
  return `This is ${model}, answering from ${host}.`;
}

/** Writes a reply that names the host and the model, and quotes the prompt or the tool's result. */
export const writeDemoReply: ReplyWriter = ({ prompt, toolResult, ...source }) => {
  return (
    `Hello! ${introduce(source)} ${toQuote(prompt, toolResult)}\n\nThis reply is simulated: no real model wrote it. ` +
    'The request took the same path as a real one: the gateway found the host, ' +
    'the host loaded the model if necessary, and the text was streamed back.'
  );
};

function toQuote(prompt: string, toolResult: string | undefined): string {
  const text = (toolResult ?? prompt).trim().replaceAll(/\s+/g, ' ');
  const quote = text.length > 90 ? `${text.slice(0, 89)}…` : text;
  const label = toolResult === undefined ? 'You wrote' : 'The tool answered';
  return quote === '' ? 'You sent no text.' : `${label}: “${quote}”`;
}

/** Writes the reasoning of a reply. */
export function writeReasoning({
  prompt,
  toolResult,
}: Pick<TextRequest, 'prompt' | 'toolResult'>): string {
  return (
    `${toQuote(prompt, toolResult)} I only simulate a model, so there is nothing to work out. ` +
    'I say which model and which host answer.'
  );
}

/** Creates a reply from its texts, cut off at the request's token limit. A tool call is never cut off. */
export function createReply(
  request: TextRequest,
  { text, reasoning: thoughts = '' }: { text: string; reasoning?: string },
): Reply {
  const { model, prompt, includeUsage, toolCall, format, maxTokens } = request;
  const json = toolCall?.arguments ?? request.json;
  const pieces = json === undefined ? toWords(text) : toPieces(json);
  const reasoning = toWords(thoughts).slice(0, maxTokens);
  const tokens = toolCall ? pieces : pieces.slice(0, maxTokens - reasoning.length);
  const finish = tokens.length < pieces.length ? 'length' : 'stop';
  return {
    id: crypto.randomUUID().replaceAll('-', ''),
    created: Math.floor(Date.now() / 1000),
    model,
    prompt,
    reasoning,
    tokens,
    ...(toolCall && { toolCall }),
    finish: toolCall ? 'tool_calls' : finish,
    includeUsage,
    format,
    usage: {
      prompt: countTokens(request.transcript),
      completion: reasoning.length + tokens.length,
    },
  };
}

/** Estimates the number of tokens of a prompt. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4) + 4;
}

/** Yields tokens, a few at a time, for streaming. */
export function* toParts(tokens: string[]): Generator<{ text: string; tokens: number }> {
  for (let at = 0; at < tokens.length; at += 3) {
    const some = tokens.slice(at, at + 3);
    yield { text: some.join(''), tokens: some.length };
  }
}

/** Returns the whole text of a reply, or the arguments of its tool call. */
export function toWhole({ tokens }: Reply): string {
  return tokens.join('');
}

/** Splits a text into words, which count as tokens. */
export function toWords(text: string): string[] {
  return text.match(/\s*\S+/gu) ?? [];
}

function toPieces(json: string): string[] {
  return json.match(/.{1,6}/gsu) ?? [];
}
