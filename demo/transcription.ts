import { toEventStream } from './event-stream.ts';
import { describeFile } from './form-file.ts';
import { toChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { introduce, toParts, toWords } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import { writeAtPace } from './text-route.ts';

/** The bytes of one second of 16-bit mono at 16 kHz, the usual recording format for such models. */
const BYTES_PER_SECOND = 32_000;

/**
 * `/v1/audio/transcriptions`: the text names the host, the model, and the file with its length and checksum. The answer
 * is JSON unless `response_format` is `text` or `verbose_json`, and events if `stream` is `true`.
 */
export const transcribe: ServerRoute = async (call) => {
  const { fields, files } = call.body;
  const file = files.find(({ field }) => field === 'file');
  if (!file) return toServerError(400, '"file" is required');
  const text = `${introduce({ host: call.host, model: call.model.id })} You sent ${describeFile(file)}.`;
  if (fields.get('stream') === 'true') return toEventStream(writeAtPace(toChunks(text), call));
  await call.work(toWords(text).length);
  const format = fields.get('response_format');
  if (format === 'text') return new Response(`${text}\n`);
  if (format !== 'verbose_json') return Response.json({ text });
  const duration = file.bytes.length / BYTES_PER_SECOND;
  const segments = [{ id: 0, start: 0, end: duration, text }];
  const language = fields.get('language') ?? 'en';
  return Response.json({ task: 'transcribe', language, duration, text, segments });
};

function* toChunks(whole: string): Generator<ReplyChunk> {
  for (const { text, tokens } of toParts(toWords(whole))) {
    yield toChunk({ type: 'transcript.text.delta', delta: text }, tokens);
  }
  yield toChunk({ type: 'transcript.text.done', text: whole });
}
