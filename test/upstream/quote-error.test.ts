import { describe, expect, it } from 'vitest';
import { quoteError } from '../../src/upstream/quote-error.ts';

const page = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';

describe('quoteError', () => {
  it.each<[string, string, string]>([
    [
      "OpenAI's form",
      '{"src":"llama-swap","error":{"message":"not ready","code":"no_room"}}',
      ': not ready',
    ],
    ["llama.cpp's form", '{"error":{"message":"Loading model","code":503}}', ': Loading model'],
    ['a string', '{"src":"llama-swap","error":"not ready"}', ': not ready'],
    ['plain text', 'llama-swap: not ready\n', ': llama-swap: not ready'],
    ['several lines', 'a\r\n\tb\u001B[31mc\u0000d', ': a b [31mc d'],
    ['an empty body', '', ''],
    ['an HTML page', page, ''],
    ['truncated JSON', '{"error":{"message":"not', ''],
    ['other JSON', '{"detail":"not ready"}', ''],
    ['an error with a number as message', '{"error":{"message":7,"code":true}}', ''],
    ['a null error', '{"error":null}', ''],
    ['null', 'null', ''],
    ['an array', '[1]', ''],
  ])('quotes %s', (_, body, quote) => {
    expect(quoteError(503, body)).toBe(quote);
  });

  it('states that a redirect is not followed', () => {
    expect(quoteError(307, '<a href="/api/models">Temporary Redirect</a>')).toBe(
      ': a redirect, which is not followed',
    );
  });
});
