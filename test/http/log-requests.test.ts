import { expect, it } from 'vitest';
import { createExchange, type Delivery } from '../../src/exchange/exchange.ts';
import { logRequests } from '../../src/http/log-requests.ts';

const DELIVERY: Delivery = { end: 'complete', endedAt: 1, bytesIn: null, bytesOut: null };

it('makes no line that the level hides', () => {
  const written: string[] = [];
  const { ended } = logRequests({
    error: () => {},
    warn: () => {},
    info: () => {},
    request: ({ level }) => void written.push(level),
    writes: (level) => level !== 'info',
  });
  const exchange = createExchange({ id: 'x', method: 'GET', path: '/', beganAt: 0 });
  const looked: PropertyKey[] = [];
  const watched = new Proxy(exchange, {
    get: (target, key) => {
      looked.push(key);
      return Reflect.get(target, key) as unknown;
    },
  });
  ended(watched, DELIVERY);
  expect([written, looked]).toEqual([[], ['error', 'status']]);
  ended({ ...exchange, status: 500 }, DELIVERY);
  expect(written).toEqual(['warn']);
});
