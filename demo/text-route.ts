import type { TextRequest } from './text-request.ts';
import { toEventStream } from './event-stream.ts';
import type { Json } from './json.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { createReply, writeReasoning } from './reply.ts';
import type { Reply } from './reply.ts';
import type { ServerCall, ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';

/** The request and reply forms of one text API. */
export interface Dialect {
  /** Reads a request. Returns an error message if the request is invalid. */
  read(json: Json): TextRequest | string;
  /** Returns the body of a reply that is not streamed. */
  toBody(reply: Reply): object;
  /** Returns the events of a streamed reply, a few tokens in each. */
  toChunks(reply: Reply): Iterable<ReplyChunk>;
}

/** Creates a route that answers with text. A whole reply takes as long as a streamed one. */
export function createTextRoute(dialect: Dialect): ServerRoute {
  return async (call) => {
    const request = dialect.read(call.body.json);
    if (typeof request === 'string') return toServerError(400, request);
    const reply = createReply(request, {
      text: call.writeReply(request),
      ...(request.reasons && call.model.reasoning && { reasoning: writeReasoning(request) }),
    });
    if (request.stream) return toEventStream(writeAtPace(dialect.toChunks(reply), call));
    await call.work(reply.tokens.length);
    return Response.json(dialect.toBody(reply));
  };
}

/** Waits before each chunk as long as its tokens take to write. Throws once the work is aborted. */
export async function* writeAtPace(
  chunks: Iterable<ReplyChunk>,
  { work }: Pick<ServerCall, 'work'>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const { event, tokens } of chunks) {
    await work(tokens);
    yield encoder.encode(event);
  }
}
