import { describe, expect, test } from 'vitest';
import { createTraffic } from '../../src/catalog/traffic.ts';

const request = (model: string | null, status = 0) => ({ model, status });

describe('createTraffic', () => {
  test('reports whether requests for other models were sent since a point', () => {
    const traffic = createTraffic();
    expect(traffic.hasOthersSince('a', traffic.last())).toBe(false);
    const before = traffic.last();
    traffic.sent(request('a'));
    traffic.sent(request('a'));
    expect(traffic.hasOthersSince('a', before)).toBe(false);
    expect(traffic.hasOthersSince('b', before)).toBe(true);
    traffic.sent(request('b'));
    const between = traffic.last();
    traffic.sent(request('a'));
    expect(traffic.hasOthersSince('a', before)).toBe(true);
    expect(traffic.hasOthersSince('a', between)).toBe(false);
    expect(traffic.hasOthersSince('b', between)).toBe(true);
    traffic.sent(request('a'));
    expect(traffic.hasOthersSince('a', between)).toBe(false);
    expect(traffic.hasOthersSince('a', before)).toBe(true);
  });

  test.each([
    [
      'a request for an unknown model',
      (traffic: ReturnType<typeof createTraffic>) => traffic.sent(request(null)),
    ],
    ['an unload', (traffic: ReturnType<typeof createTraffic>) => traffic.unloading()],
  ])('counts %s as traffic for another model', (_, send) => {
    const traffic = createTraffic();
    traffic.sent(request('a'));
    const before = traffic.last();
    send(traffic);
    expect(traffic.hasOthersSince('a', before)).toBe(true);
    traffic.sent(request('a'));
    expect(traffic.hasOthersSince('a', before)).toBe(true);
    expect(traffic.hasOthersSince('a', traffic.last())).toBe(false);
  });

  test('lists the other models with requests in flight', () => {
    const traffic = createTraffic();
    const waiting = request('b');
    traffic.sent(request('a'));
    traffic.sent(waiting);
    traffic.sent(request('c', 200));
    traffic.sent(request(null));
    expect(traffic.awaited('a')).toEqual(['b', null]);
    expect(traffic.awaited('b')).toEqual(['a', null]);
    traffic.ended(waiting);
    expect(traffic.awaited('a')).toEqual([null]);
  });
});
