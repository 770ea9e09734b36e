import { describe, expect, it } from 'vitest';
import { createExchange, type Delivery, type Exchange } from '../../src/telemetry/exchange.ts';
import { toUpstreamSpan, toServerSpan } from '../../src/telemetry/spans.ts';

const COMPLETE: Delivery = { end: 'complete', endedAt: 30, bytesIn: null, bytesOut: null };

function make(more: Partial<Exchange> = {}): Exchange {
  const begun = { id: 'r1', method: 'POST', path: '/v1/chat/completions', beganAt: 10 };
  return { ...createExchange(begun), status: 200, answeredAt: 25, ...more };
}

describe('a span', () => {
  it('leaves out what is not known', () => {
    expect(toServerSpan(make(), COMPLETE)).toEqual({
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

  it('has neither method nor path where what came is no request', () => {
    const { name, attributes } = toServerSpan(make({ method: null, path: null }), COMPLETE);
    expect(name).toBe('HTTP');
    expect(attributes).toMatchObject({ 'http.request.method': '_OTHER' });
    expect(attributes).not.toHaveProperty('http.request.method_original');
    expect(attributes).not.toHaveProperty('url.path');
  });

  it('of what was cut off is an error', () => {
    expect(toServerSpan(make(), { ...COMPLETE, end: 'cut_off' })).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'cut_off', 'paddock.end': 'cut_off' },
    });
  });

  it('is named after no method that a client makes up', () => {
    const { name, attributes } = toServerSpan(make({ method: 'B3W', route: '/x' }), COMPLETE);
    expect(name).toBe('HTTP /x');
    expect(attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'B3W',
    });
  });

  it('holds no more of a path or a model than shows which it is', () => {
    const long = 'é'.repeat(10_000);
    const exchange = make({ path: `/${long}`, provider: 'a', model: long });
    const { attributes } = toServerSpan(exchange, COMPLETE);
    expect(attributes['url.path']).toBe(`/${'é'.repeat(511)}…`);
    expect(toUpstreamSpan(exchange, COMPLETE).attributes['gen_ai.request.model']).toHaveLength(513);
  });

  it('of a host is no error where the client disconnected, and has no status', () => {
    const exchange = make({ provider: 'a', status: 499 });
    expect(toUpstreamSpan(exchange, { ...COMPLETE, end: 'client_gone' })).toEqual({
      name: 'POST a',
      isError: false,
      attributes: { 'http.request.method': 'POST', 'service.peer.name': 'a' },
    });
  });

  it('of a host is an error where the host refused, which the server’s is not', () => {
    const exchange = make({ provider: 'a', model: 'm', status: 404 });
    expect(toUpstreamSpan(exchange, COMPLETE)).toMatchObject({
      isError: true,
      attributes: { 'error.type': '404' },
    });
    expect(toServerSpan(exchange, COMPLETE).isError).toBe(false);
    expect(toServerSpan(exchange, COMPLETE).attributes).not.toHaveProperty('error.type');
  });
});
