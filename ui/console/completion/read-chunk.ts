/** The content of one event of a chat stream. */
export interface Chunk {
  readonly content: string;
  readonly reasoning: string;
  /**
   * Whether this is llama-swap's own progress message for a load: it looks like reasoning but has no `id`, `object`
   * or `model`.
   */
  readonly isProgress: boolean;
  readonly finish: string | null;
  readonly tokens: number | null;
  /** Tokens per second, as llama.cpp measures them. */
  readonly rate: number | null;
  /** The text of an error that arrived in place of a chunk, or null. */
  readonly error: string | null;
}

interface RawChunk {
  readonly id?: unknown;
  readonly object?: unknown;
  readonly model?: unknown;
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly timings?: unknown;
  readonly error?: unknown;
  readonly message?: unknown;
  readonly detail?: unknown;
}

/**
 * Reads the data of an event; null if it is not a JSON object. Missing fields, and fields of another type, are
 * ignored.
 */
export function readChunk(data: string): Chunk | null {
  const raw = parse(data);
  if (raw === null) return null;
  const [choice] = Array.isArray(raw.choices) ? (raw.choices as unknown[]) : [];
  // A provider that does not stream sends one complete message.
  const { delta, message, finish_reason: finish } = toFields(choice);
  const { content, reasoning_content: newer, reasoning: older } = toFields(delta ?? message);
  const reasoning = toText(newer) || toText(older);
  return {
    content: toText(content),
    reasoning,
    isProgress: reasoning !== '' && [raw.id, raw.object, raw.model].every((it) => it === undefined),
    finish: typeof finish === 'string' ? finish : null,
    tokens:
      toNumber(toFields(raw.timings)['predicted_n']) ??
      toNumber(toFields(raw.usage)['completion_tokens']),
    rate: toNumber(toFields(raw.timings)['predicted_per_second']),
    error: isError(raw) ? data : null,
  };
}

/**
 * Whether a chunk is an error: OpenAI's servers send `error`, vLLM sends `object: "error"` with a message, servers on
 * FastAPI send `detail`.
 */
function isError({ error, object, message, detail, choices }: RawChunk): boolean {
  if ((error ?? null) !== null) return true;
  if (choices !== undefined) return false;
  return (object === 'error' && message !== undefined) || (detail ?? null) !== null;
}

function parse(data: string): RawChunk | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Record<string, unknown>;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
