/** One event of a streamed reply, and its number of tokens. */
export interface ReplyChunk {
  event: string;
  tokens: number;
}

/** Returns an event in the form of OpenAI's older APIs, which has only data. */
export function toChunk(data: object, tokens = 0): ReplyChunk {
  return { event: `data: ${JSON.stringify(data)}\n\n`, tokens };
}

/** Returns an event with its type in both its name and its data. */
export function toNamedChunk(
  data: { type: string; [field: string]: unknown },
  tokens = 0,
): ReplyChunk {
  return { event: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`, tokens };
}

/** The last event of OpenAI's older APIs. */
export const DONE: ReplyChunk = { event: 'data: [DONE]\n\n', tokens: 0 };
