import type { DemoModel } from './demo-model.ts';
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
    const refusal = refuse(call.model);
    if (refusal !== null) return refusal;
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

/** Refuses text as llama-server with `--embeddings` does, or as a server for audio or pictures, which has no such route. */
function refuse({ serves }: DemoModel): Response | null {
  if (serves === undefined) return null;
  if (serves === 'media') return toServerError(404, 'File Not Found');
  const message = 'This server does not support completions. Start it without `--embeddings`';
  return toServerError(501, message);
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
