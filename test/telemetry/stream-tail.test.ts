import { describe, expect, it } from 'vitest';
import { createStreamTail } from '../../src/telemetry/stream-tail.ts';

const CHAT = '/v1/chat/completions';
const encoder = new TextEncoder();
const delta = (text: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: finish }] })}\n\n`;
const event = (type: string, rest: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

/** Whether a stream is unfinished. Checks that the result does not depend on the chunks. */
function judge(path: string, text: string): boolean | undefined {
  const bytes = encoder.encode(text);
  const verdicts = [1, 7, 1000, bytes.length].map((size) => {
    const tail = createStreamTail(path, 'text/event-stream; charset=utf-8');
    for (let at = 0; at < bytes.length; at += size) tail?.add(bytes.subarray(at, at + size));
    return tail?.isUnfinished();
  });
  expect(new Set(verdicts).size).toBe(1);
  return verdicts[0];
}

describe('a stream is finished', () => {
  const answer = 'word '.repeat(30_000);
  it.each([
    ['by [DONE]', CHAT, `${delta('a')}data: [DONE]\n\n`],
    ['by [DONE] without a space or a blank line', CHAT, `${delta('a')}data:[DONE]`],
    ['by a finish_reason without [DONE]', CHAT, delta('a') + delta('', 'stop')],
    [
      'by a finish_reason before usage and timings',
      CHAT,
      `${delta('', 'tool_calls')}data: {"choices":[],"usage":{"prompt_tokens":${'1'.repeat(500)}}}\n\n`,
    ],
    ['by an error as an object', CHAT, `${delta('a')}data: {"error":{"message":"full"}}\n\n`],
    ['by an error as text', CHAT, `${delta('a')}data: {"error": "full"}\n\n`],
    ['by bare JSON after a failed load', CHAT, `${delta('')}{"src":"llama-swap","error":"no"}`],
    ['by an error event', CHAT, `${delta('a')}event: error\ndata: {"message":"full"}\n\n`],
    ['by [DONE] of a text completion', '/v1/completions', 'data: [DONE]\n\n'],
    ['by message_stop', '/v1/messages', event('message_delta') + event('message_stop')],
    ['by an Anthropic error', '/v1/messages', event('error', { error: { type: 'x' } })],
    [
      'by a last response of 150 KB',
      '/v1/responses',
      event('response.created') + event('response.completed', { response: { output: answer } }),
    ],
    ['by a response that failed', '/v1/responses', event('response.failed')],
    ['by a response that is incomplete', '/v1/responses', event('response.incomplete')],
    ['by llama.cpp’s stop', '/completion', 'data: {"content":"","stop":true}\n\n'],
  ])('%s', (_how, path, text) => {
    expect(judge(path, text)).toBe(false);
  });
});

describe('a stream is unfinished', () => {
  it.each([
    ['that stops after a complete event', CHAT, delta('a') + delta('b')],
    ['that stops within an event', CHAT, `${delta('a')}data: {"choices":[{"del`],
    ['of a long answer without an end', CHAT, delta('a').repeat(1000)],
    ['without any event', CHAT, ''],
    ['of comments alone', CHAT, ': loading\n\n: loading\n\n'],
    ['whose text quotes a last event', CHAT, delta('data: "finish_reason":"stop" {"error":"x"}')],
    ['that stops before message_stop', '/v1/messages', event('content_block_delta')],
    ['that stops before the last response', '/v1/responses', event('response.output_text.delta')],
    ['of llama.cpp without stop', '/completion', 'data: {"content":"a","stop":false}\n\n'],
    ['of llama.cpp’s infill', '/infill', 'data: {"content":"a","stop":false}\n\n'],
  ])('%s', (_what, path, text) => {
    expect(judge(path, text)).toBe(true);
  });

  it.each([
    ['/v1/embeddings', 'text/event-stream'],
    [CHAT, 'application/json'],
    [CHAT, undefined],
  ])('never for %s with type %s', (path, contentType) => {
    expect(createStreamTail(path, contentType)).toBeNull();
  });
});
