import { describe, expect, it } from 'vitest';
import { readLoopDelay } from './read-loop-delay.ts';
import { readOptions } from './read-options.ts';

describe('the soak', () => {
  it('lasts ten minutes on Node where nothing else is said', () => {
    expect(readOptions([])).toEqual({
      platform: 'node',
      seconds: 600,
      clients: 64,
      seed: 1,
      json: null,
    });
  });

  it('reads every option', () => {
    const words = '--bun --seconds 60 --clients 8 --seed 7 --json out.json'.split(' ');
    expect(readOptions(words)).toEqual({
      platform: 'bun',
      seconds: 60,
      clients: 8,
      seed: 7,
      json: 'out.json',
    });
  });

  it.each([
    ['--seconds 3601', 'Expected --seconds from 1 to 3600 but received "3601"'],
    ['--seconds 1e3', 'Expected --seconds from 1 to 3600 but received "1e3"'],
    ['--clients 3', 'Expected --clients from 4 to 512 but received "3"'],
    ['--clients 513', 'Expected --clients from 4 to 512 but received "513"'],
    ['--fast', "Unknown option '--fast'"],
  ])('refuses %s', (words, fault) => {
    expect(readOptions(words.split(' '))).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('reads how late an event loop was at most, where /metrics says so', () => {
    const text = 'nodejs_eventloop_lag_seconds 0.001\nnodejs_eventloop_lag_max_seconds 0.0125\n';
    expect(readLoopDelay(text)).toBe(12.5);
    expect(readLoopDelay('paddock_requests_total 4\n')).toBeNull();
    expect(readLoopDelay('nodejs_eventloop_lag_max_seconds NaN\n')).toBeNull();
  });
});
