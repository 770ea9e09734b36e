import { describe, expect, it } from 'vitest';
import { isWebSocketUpgrade, readHandshake } from '../../src/gateway/web-socket.ts';

describe('isWebSocketUpgrade', () => {
  it.each([
    ['GET', 'websocket', true],
    ['GET', 'WebSocket', true],
    ['GET', 'h2c, websocket', true],
    ['GET', 'h2c', false],
    ['GET', 'websockets', false],
    ['GET', '', false],
    ['GET', undefined, false],
    ['POST', 'websocket', false],
  ])('%s with Upgrade: %s is %s', (method, upgrade, expected) => {
    expect(isWebSocketUpgrade(method, upgrade)).toBe(expected);
  });
});

describe('readHandshake', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const whole = {
    connection: 'keep-alive, Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
  };

  it('keeps the WebSocket headers only', () => {
    const more = { 'sec-websocket-extensions': 'permessage-deflate' };
    expect(readHandshake({ ...whole, ...more, 'sec-fetch-site': 'none', cookie: 'a' })).toEqual({
      ...more,
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    });
  });

  it.each(Object.keys(whole))('refuses a handshake without %s', (name) => {
    expect(() => readHandshake({ ...whole, [name]: 'no' })).toThrow(/Sec-WebSocket-Key/);
  });

  it.each([
    ['realtime, openai-insecure-api-key.sk-1, v1', 'realtime, v1'],
    ['openai-insecure-api-key.sk-1', undefined],
    ['a,b', 'a, b'],
  ])('reads the subprotocols %s as %s', (offered, expected) => {
    const read = readHandshake({ ...whole, 'sec-websocket-protocol': offered });
    expect(read['sec-websocket-protocol']).toBe(expected);
  });
});
