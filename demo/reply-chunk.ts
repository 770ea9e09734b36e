/** One event of a streamed reply, and how many tokens it took to write. */
export interface ReplyChunk {
  event: string;
  tokens: number;
}

/** An event as OpenAI's older APIs send it: data alone. */
export function toChunk(data: object, tokens = 0): ReplyChunk {
  return { event: `data: ${JSON.stringify(data)}\n\n`, tokens };
}

/** An event that says its type twice, in its name and in its data. */
export function toNamedChunk(
  data: { type: string; [field: string]: unknown },
  tokens = 0,
): ReplyChunk {
  return { event: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`, tokens };
}

/** The last event of OpenAI's older APIs. */
export const DONE: ReplyChunk = { event: 'data: [DONE]\n\n', tokens: 0 };
