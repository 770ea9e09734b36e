import type { Clock } from '../clock.ts';
import { PaddockError } from '../errors.ts';
import { ClientGone } from '../gateway/transport.ts';
import { ReplyLines } from './reply-lines.ts';
import { readError, toObject } from './reply-part.ts';
import { streamLines } from './stream-lines.ts';
import type { ReplySource } from './to-reply-line.ts';

/** A provider's answer to a translated request. */
export interface Answered {
  readonly answer: Response;
  /** The client's request. */
  readonly client: Request;
  readonly source: ReplySource;
  /** Converts a whole answer. */
  readonly toWhole: (value: unknown, source: ReplySource) => object;
  /** Whether the client asked for a stream. */
  readonly isStreamed: boolean;
  readonly clock: Pick<Clock, 'after'>;
}

const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json; charset=utf-8';

/** The longest whole answer, and the longest error, that is read, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Converts a provider's answer, and keeps its status and headers.
 * @returns the answer, and the lines of a stream; null for a whole answer
 * @throws {PaddockError} `invalid_response`
 * @throws {ClientGone} if the client disconnects before the whole answer has arrived
 */
export async function translateAnswer(
  answered: Answered,
): Promise<{ response: Response; lines: ReplyLines | null }> {
  const { answer, source, toWhole, isStreamed, clock } = answered;
  const type = answer.headers.get('content-type') ?? '';
  const isEvents = isStreamed && type.startsWith('text/event-stream');
  if (answer.ok && isEvents && answer.body !== null) {
    const lines = new ReplyLines(source);
    const body = streamLines(answer.body, { lines, provider: source.provider, clock });
    return { response: new Response(body, { headers: toHeaders(answer, NDJSON) }), lines };
  }
  const text = await readWhole(answered);
  if (!answer.ok) return { response: toErrorResponse(text, answered), lines: null };
  const whole = JSON.stringify(toWhole(parse(text, answered), source));
  const response = isStreamed
    ? toResponse(`${whole}\n`, { answer, type: NDJSON })
    : toResponse(whole, { answer, type: JSON_TYPE });
  return { response, lines: null };
}

async function readWhole({ answer, client, source }: Answered): Promise<string> {
  if (answer.body === null) return '';
  const reader = answer.body.getReader();
  const leave = () => void reader.cancel().catch(() => {});
  client.signal.addEventListener('abort', leave);
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let left = answer.ok ? MAX_BYTES : MAX_ERROR_BYTES;
  try {
    while (left > 0) {
      const { value } = await reader.read();
      if (client.signal.aborted) throw new ClientGone();
      if (value === undefined) return parts.join('') + decoder.decode();
      parts.push(decoder.decode(value.subarray(0, left), { stream: true }));
      left -= value.byteLength;
    }
  } catch (cause) {
    if (cause instanceof ClientGone || client.signal.aborted) throw new ClientGone();
    const message = `${source.provider} broke off its answer. The request was not retried.`;
    throw new PaddockError('invalid_response', message, { cause });
  } finally {
    client.signal.removeEventListener('abort', leave);
  }
  leave();
  return parts.join('');
}

function parse(text: string, { source }: Answered): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `${source.provider} sent an answer that is not JSON.`;
    throw new PaddockError('invalid_response', message, { cause });
  }
}

function toErrorResponse(text: string, { answer, source }: Answered): Response {
  const isError = answer.status >= 400;
  const message =
    (isError ? readMessage(text) : null) ?? `${source.provider} answered HTTP ${answer.status}.`;
  const body = JSON.stringify({ error: message });
  return toResponse(body, { answer, type: JSON_TYPE, status: isError ? answer.status : 502 });
}

/** Returns the message of an error in JSON or plain text; null if there is none. */
function readMessage(text: string): string | null {
  const trimmed = text.trim();
  try {
    const json = toObject(JSON.parse(trimmed));
    const { message, detail } = json;
    return readError(json) ?? [message, detail].find((one) => typeof one === 'string') ?? trimmed;
  } catch {
    // HTML pages are of no use to a program.
    return trimmed === '' || trimmed.startsWith('<') ? null : trimmed;
  }
}

function toResponse(
  text: string,
  { answer, type, status = 200 }: { answer: Response; type: string; status?: number },
): Response {
  const bytes = new TextEncoder().encode(text);
  const headers = toHeaders(answer, type);
  headers.set('content-length', String(bytes.byteLength));
  return new Response(bytes, { status, headers });
}

/** Returns the answer's headers for another body. */
function toHeaders(answer: Response, type: string): Headers {
  const headers = new Headers(answer.headers);
  for (const name of ['content-length', 'content-encoding', 'etag', 'trailer'])
    headers.delete(name);
  headers.set('content-type', type);
  if (type === NDJSON) headers.set('x-accel-buffering', 'no');
  return headers;
}
