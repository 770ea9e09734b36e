import { describe, expect, it } from 'vitest';
import { createExchange, type Delivery, type Exchange } from '../../src/telemetry/exchange.ts';
import { toUpstreamSpan, toServerSpan } from '../../src/telemetry/spans.ts';

const COMPLETE: Delivery = { end: 'complete', endedAt: 30, bytesIn: null, bytesOut: null };

function makeExchange(more: Partial<Exchange> = {}): Exchange {
  const begun = { id: 'r1', method: 'POST', path: '/v1/chat/completions', beganAt: 10 };
  return { ...createExchange(begun), status: 200, answeredAt: 25, ...more };
}

describe('a span', () => {
  it('has no attributes for unknown values', () => {
    expect(toServerSpan(makeExchange(), COMPLETE)).toEqual({
      name: 'POST',
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'url.scheme': 'http',
        'url.path': '/v1/chat/completions',
        'http.response.status_code': 200,
        'paddock.request_id': 'r1',
        'paddock.end': 'complete',
        'paddock.first_byte_ms': 15,
      },
    });
  });

  it('has neither method nor path for input that is not an HTTP request', () => {
    const { name, attributes } = toServerSpan(makeExchange({ method: null, path: null }), COMPLETE);
    expect(name).toBe('HTTP');
    expect(attributes).toMatchObject({ 'http.request.method': '_OTHER' });
    expect(attributes).not.toHaveProperty('http.request.method_original');
    expect(attributes).not.toHaveProperty('url.path');
  });

  it('is an error for an answer that was cut off', () => {
    expect(toServerSpan(makeExchange(), { ...COMPLETE, end: 'cut_off' })).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'cut_off', 'paddock.end': 'cut_off' },
    });
  });

  it('has the method _OTHER for an unknown method', () => {
    const { name, attributes } = toServerSpan(
      makeExchange({ method: 'B3W', route: '/x' }),
      COMPLETE,
    );
    expect(name).toBe('HTTP /x');
    expect(attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'B3W',
    });
  });

  it('truncates long paths and models', () => {
    const long = 'é'.repeat(10_000);
    const exchange = makeExchange({ path: `/${long}`, provider: 'a', model: long });
    const { attributes } = toServerSpan(exchange, COMPLETE);
    expect(attributes['url.path']).toBe(`/${'é'.repeat(511)}…`);
    expect(toUpstreamSpan(exchange, COMPLETE).attributes['gen_ai.request.model']).toHaveLength(513);
  });

  it('of an upstream is not an error when the client disconnected, and has no status', () => {
    const exchange = makeExchange({ provider: 'a', status: 499 });
    expect(toUpstreamSpan(exchange, { ...COMPLETE, end: 'client_gone' })).toEqual({
      name: 'POST a',
      isError: false,
      attributes: { 'http.request.method': 'POST', 'service.peer.name': 'a' },
    });
  });

  it('of an upstream is an error for its status 404, while the server’s span is not', () => {
    const exchange = makeExchange({ provider: 'a', model: 'm', status: 404 });
    expect(toUpstreamSpan(exchange, COMPLETE)).toMatchObject({
      isError: true,
      attributes: { 'error.type': '404' },
    });
    expect(toServerSpan(exchange, COMPLETE).isError).toBe(false);
    expect(toServerSpan(exchange, COMPLETE).attributes).not.toHaveProperty('error.type');
  });
});
