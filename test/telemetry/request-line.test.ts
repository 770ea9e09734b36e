import { describe, expect, it } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { createExchange, type Delivery, type Exchange } from '../../src/telemetry/exchange.ts';
import { createRedact } from '../../src/telemetry/redact.ts';
import { toRequestLine } from '../../src/telemetry/request-line.ts';

const BEGUN = { id: 'abc', method: 'POST', path: '/v1/chat/completions', beganAt: 1000 };
const DELIVERY: Delivery = { end: 'complete', endedAt: 2500.06, bytesIn: 12, bytesOut: 345 };

const STYLE = { time: '2026-01-02T03:04:05.678Z', isWhole: false, redact: createRedact([]) };

/** A line as the log has it. */
const lineOf = (known: Partial<Exchange> = {}, delivery: Partial<Delivery> = {}, style = STYLE) => {
  const exchange = { ...createExchange(BEGUN), status: 200, answeredAt: 1012.34, ...known };
  const line = toRequestLine({ exchange, delivery: { ...DELIVERY, ...delivery } }, style);
  return JSON.parse(JSON.stringify(line)) as Record<string, unknown>;
};

it('has the known fields, with times in milliseconds since the request began', () => {
  const route = '/v1/chat/completions';
  expect(lineOf({ route, client: 'laptop', provider: 'a', model: 'org/m' })).toEqual({
    level: 'info',
    time: STYLE.time,
    requestId: 'abc',
    method: 'POST',
    path: '/v1/chat/completions',
    route,
    client: 'laptop',
    provider: 'a',
    model: 'org/m',
    status: 200,
    end: 'complete',
    firstByteMs: 12.3,
    durationMs: 1500.1,
    bytesIn: 12,
    bytesOut: 345,
    msg: 'POST /v1/chat/completions 200',
  });
});

it('has no field for unknown values', () => {
  expect(Object.keys(lineOf({}, { bytesIn: null, bytesOut: null }))).toEqual([
    'level',
    'time',
    'requestId',
    'method',
    'path',
    'status',
    'end',
    'firstByteMs',
    'durationMs',
    'msg',
  ]);
});

it('has neither method nor path for input that is not an HTTP request', () => {
  const error = new PaddockError('invalid_request', 'Not a request.');
  const line = lineOf({ method: null, path: null, status: 400, error });
  expect(line).toMatchObject({ requestId: 'abc', status: 400, code: 'invalid_request' });
  expect(line['msg']).toBe('400: Not a request.');
  expect(line).not.toHaveProperty('method');
  expect(line).not.toHaveProperty('path');
  expect(lineOf({ path: null, status: 400 })['msg']).toBe('POST 400');
});

it('truncates a long path', () => {
  const { path, msg } = lineOf({ path: `/${'x'.repeat(100_000)}` });
  expect(String(msg).length).toBeLessThan(1100);
  expect(String(path)).toMatch(/^\/x{1023}…$/);
});

describe('the level and the message', () => {
  const fault = new PaddockError('provider_unreachable', 'a is offline.', {
    cause: new Error('x'),
  });
  const refusal = new PaddockError('unauthorized', 'No.');
  const empty = new PaddockError('no_providers', 'None.');
  it.each<[string, string, string, Partial<Exchange>, Partial<Delivery>]>([
    ['a refused request', 'info', ' 401: No.', { status: 401, error: refusal }, {}],
    ['an upstream error', 'error', ' 502: a is offline.', { status: 502, error: fault }, {}],
    ['settings without providers', 'info', ' 503: None.', { status: 503, error: empty }, {}],
    ['a status 500 of the upstream', 'warn', ' 500', { status: 500 }, {}],
    [
      'a client that went away',
      'info',
      ' 200: the client disconnected',
      {},
      { end: 'client_gone' },
    ],
    [
      'an upstream that broke off',
      'warn',
      ' 200: the upstream closed the connection',
      {},
      { end: 'upstream_gone' },
    ],
    [
      'an answer that a shutdown cut off',
      'warn',
      ' 200: cut off by the shutdown of Paddock',
      {},
      { end: 'cut_off' },
    ],
    [
      'an answer that failed in Paddock',
      'warn',
      ' 200: Paddock failed during the answer',
      {},
      { end: 'failed' },
    ],
    ['an answer that the platform sends', 'info', ' 200', {}, { end: 'handed_over' }],
  ])('are right for %s', (_what, level, text, exchange, delivery) => {
    const line = lineOf(exchange, delivery);
    expect([line['level'], line['msg']]).toEqual([level, `POST /v1/chat/completions${text}`]);
    expect(line['code']).toBe(exchange.error?.code);
    expect(line['reason']).toBe(exchange.error === fault ? 'x' : undefined);
  });

  it('have a stack when isWhole is set', () => {
    const { reason, stack } = lineOf(
      { status: 502, error: fault },
      {},
      { ...STYLE, isWhole: true },
    );
    expect(reason).toBe('x');
    expect(stack).toMatch(/^Error: x\n +at .*request-line\.test/);
  });
});
