/** The content of one event of a provider's answer, or of a whole answer. */
export interface ReplyPart {
  readonly content: string;
  readonly thinking: string;
  /** Tool calls, or pieces of them, as the provider sent them. */
  readonly toolCalls: readonly unknown[];
  readonly logprobs: readonly unknown[];
  /** Why the answer ends, if it ends here; else null. */
  readonly finish: string | null;
  readonly counts: ReplyCounts;
  /** The message of an error that ends the answer; else null. */
  readonly error: string | null;
}

/** The numbers of tokens, and the times in milliseconds, that a provider reports; null for those that it does not. */
export interface ReplyCounts {
  readonly prompt: number | null;
  readonly promptMs: number | null;
  readonly output: number | null;
  readonly outputMs: number | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads an event or an answer of OpenAI's chat or completions API, or of llama.cpp's own. */
export function readReplyPart(value: unknown): ReplyPart {
  const json = toObject(value);
  const choice = toObject(toArray(json['choices'])[0]);
  const message = toObject(choice['delta'] ?? choice['message']);
  const isNative = json['choices'] === undefined;
  const content = message['content'] ?? choice['text'] ?? (isNative ? json['content'] : '');
  const thinking = message['reasoning_content'] ?? message['reasoning'];
  return {
    content: toText(content) || joinParts(content, 'text'),
    thinking: toText(thinking) || joinParts(content, 'thinking'),
    toolCalls: toArray(message['tool_calls']),
    logprobs: toArray(toObject(choice['logprobs'])['content']),
    finish: isNative ? toNativeFinish(json) : toText(choice['finish_reason']) || null,
    counts: readCounts(json),
    error: readError(json),
  };
}

/** Joins the parts of one type. Mistral's reasoning models send a list of parts in place of a text. */
function joinParts(content: unknown, type: 'text' | 'thinking'): string {
  const parts = toArray(content).map(toObject);
  return parts
    .filter((part) => part['type'] === type)
    .map((part) => toText(part[type]) || joinParts(part[type], 'text'))
    .join('');
}

/** Combines what several events report: the last report counts. */
export function addCounts(before: ReplyCounts, { counts }: Pick<ReplyPart, 'counts'>): ReplyCounts {
  return {
    prompt: counts.prompt ?? before.prompt,
    promptMs: counts.promptMs ?? before.promptMs,
    output: counts.output ?? before.output,
    outputMs: counts.outputMs ?? before.outputMs,
  };
}

/** Returns the message of an error in an answer, in any of the shapes that providers use; null if there is none. */
export function readError(json: Json): string | null {
  const { error } = json;
  if (error === undefined || error === null) return null;
  if (typeof error === 'string') return error;
  return toText(toObject(error)['message']) || JSON.stringify(error);
}

/** Source: llama.cpp, tools/server/README.md: `timings` count a cached prompt apart, and `usage` as part of the prompt. */
function readCounts(json: Json): ReplyCounts {
  const usage = toObject(json['usage']);
  const timings = toObject(json['timings']);
  const evaluated = toNumber(timings['prompt_n']);
  const cached = toNumber(timings['cache_n']) ?? 0;
  return {
    prompt: toNumber(usage['prompt_tokens']) ?? (evaluated === null ? null : evaluated + cached),
    promptMs: toNumber(timings['prompt_ms']),
    output: toNumber(usage['completion_tokens']) ?? toNumber(timings['predicted_n']),
    outputMs: toNumber(timings['predicted_ms']),
  };
}

function toNativeFinish(json: Json): string | null {
  if (json['stop'] !== true) return null;
  return json['stop_type'] === 'limit' ? 'length' : 'stop';
}

/** Returns a value as an object; an empty one for any other value. */
export function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns a text; an empty one for any other value. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns a number that counts something; null for any other value. */
export function toNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
