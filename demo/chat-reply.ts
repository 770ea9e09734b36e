// What a simulated model says to a chat request: the text, and its JSON and streaming forms.
// It must not load models, wait or touch a socket: pace is the model server's business.

/** A chat request, as far as the simulation cares. */
export interface ChatAsk {
  model: string;
  stream: boolean;
  includeUsage: boolean;
  /** The text of all messages, for counting. */
  transcript: string;
  /** What the user said last. */
  prompt: string;
  maxTokens: number;
}

/** Writes the text of a reply; a test may put its own in. */
export type ReplyWriter = (about: { host: string; model: string; prompt: string }) => string;

/** A reply, cut into the pieces that count as its tokens. */
export interface ChatReply {
  id: string;
  created: number;
  model: string;
  tokens: string[];
  finishReason: 'stop' | 'length';
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** One event of a streamed reply, and how many tokens it took to write. */
export interface ReplyChunk {
  event: string;
  tokens: number;
}

/** Reads a chat request; `undefined` when there are no messages in it. */
export function parseChatAsk(body: string): ChatAsk | undefined {
  const json = parseObject(body);
  if (!Array.isArray(json?.['messages'])) return undefined;
  const messages = json['messages'] as { role?: unknown; content?: unknown }[];
  const texts = messages.map((message) => toText(message.content));
  const last = messages.findLastIndex((message) => message.role === 'user');
  const limit = json['max_completion_tokens'] ?? json['max_tokens'];
  return {
    model: String(json['model'] ?? ''),
    stream: json['stream'] === true,
    includeUsage:
      (json['stream_options'] as { include_usage?: unknown } | undefined)?.include_usage === true,
    transcript: texts.join('\n'),
    prompt: texts[last] ?? '',
    maxTokens: typeof limit === 'number' && limit > 0 ? limit : Infinity,
  };
}

/** Says which host and model answered, and what was asked. */
export const writeDemoReply: ReplyWriter = ({ host, model, prompt }) => {
  const asked = prompt.trim().replaceAll(/\s+/g, ' ');
  const quote = asked.length > 90 ? `${asked.slice(0, 89)}…` : asked;
  const opening = `Hello! This is ${model}, answering from ${host}.`;
  const middle = quote === '' ? 'You sent no text.' : `You wrote: “${quote}”`;
  return (
    `${opening} ${middle}\n\nI am a simulation, so there is no real thought behind these words, ` +
    'but they took the same way that a real answer would take: the gateway looked up the host, ' +
    'the host loaded the model if it was not loaded yet, and the text came back piece by piece.'
  );
};

/** Turns a text into a reply, cut off at the request's token limit. */
export function createChatReply(ask: ChatAsk, text: string): ChatReply {
  const words = text.match(/\s*\S+/g) ?? [];
  const tokens = words.slice(0, ask.maxTokens);
  const prompt = Math.ceil(ask.transcript.length / 4) + 4;
  return {
    id: `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`,
    created: Math.floor(Date.now() / 1000),
    model: ask.model,
    tokens,
    finishReason: tokens.length < words.length ? 'length' : 'stop',
    usage: {
      prompt_tokens: prompt,
      completion_tokens: tokens.length,
      total_tokens: prompt + tokens.length,
    },
  };
}

/** The body of a reply that is not streamed. */
export function toCompletion(reply: ChatReply): object {
  const message = { role: 'assistant', content: reply.tokens.join('') };
  return {
    choices: [{ finish_reason: reply.finishReason, index: 0, message }],
    ...toEnvelope(reply, 'chat.completion'),
    usage: reply.usage,
  };
}

/** The events of a streamed reply, a few words in each. */
export function* toChunks(reply: ChatReply, includeUsage: boolean): Generator<ReplyChunk> {
  const envelope = toEnvelope(reply, 'chat.completion.chunk');
  const choice = (delta: object, finish: string | null = null) =>
    toEvent({ choices: [{ finish_reason: finish, index: 0, delta }], ...envelope });
  yield { event: choice({ role: 'assistant', content: null }), tokens: 0 };
  for (let at = 0; at < reply.tokens.length; at += 3) {
    const words = reply.tokens.slice(at, at + 3);
    yield { event: choice({ content: words.join('') }), tokens: words.length };
  }
  yield { event: choice({}, reply.finishReason), tokens: 0 };
  if (includeUsage) {
    yield { event: toEvent({ choices: [], ...envelope, usage: reply.usage }), tokens: 0 };
  }
  yield { event: 'data: [DONE]\n\n', tokens: 0 };
}

/** Reads a JSON object; `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

function toEnvelope(reply: ChatReply, object: string): object {
  const { created, id, model } = reply;
  return { created, id, model, system_fingerprint: 'b9120-demo', object };
}

function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: unknown }) => String(part?.text ?? '')).join(' ');
}
