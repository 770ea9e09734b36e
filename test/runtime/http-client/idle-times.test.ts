import { describe, expect, it } from 'vitest';
import { IdleTimes, toKeptMs } from '../../../src/runtime/http-client/idle-times.ts';

/** Whether a connection may be used while another has been idle for any time. */
const mayUse = (times: IdleTimes, idleMs: number, hintMs: number | null = null) =>
  times.mayUse({ idleMs, longestMs: Infinity, hintMs });

describe('toKeptMs', () => {
  it.each([
    [null, 1500],
    [5000, 4000],
    [2000, 1000],
    [1000, 0],
    [0, -1000],
    [600_000, 30_000],
  ])('for a hint of %s ms is %d ms', (hintMs, keptMs) => {
    expect(toKeptMs(hintMs)).toBe(keptMs);
  });
});

describe('IdleTimes', () => {
  it('at first allows a connection only while an older idle one is open', () => {
    const times = new IdleTimes();
    const after = (idleMs: number, longestMs: number) =>
      times.mayUse({ idleMs, longestMs, hintMs: null });
    expect([after(0.1, 0.1), after(200, 200), after(200, 300)]).toEqual([false, false, false]);
    expect([after(0.1, 1), after(200, 500)]).toEqual([true, true]);
  });

  it('allows 1.4 s after one has stayed open for the whole time', () => {
    const times = new IdleTimes();
    times.survived(0, null);
    const after = (idleMs: number) => times.mayUse({ idleMs, longestMs: idleMs, hintMs: null });
    expect([after(200), after(1399), after(1400)]).toEqual([true, true, false]);
  });

  it('follows the hint of the upstream', () => {
    const times = new IdleTimes();
    expect([mayUse(times, 3999, 5000), mayUse(times, 4000, 5000)]).toEqual([true, false]);
    expect(mayUse(times, 0, 1000)).toBe(false);
  });

  it.each([
    [1500, 1125],
    [1000, 750],
    [200, 100],
    [50, 0],
    [0, 0],
  ])('after the upstream closed one at %d ms allows %d ms', (closedMs, usableMs) => {
    const times = new IdleTimes();
    times.closed(closedMs, 10_000);
    expect(Math.max(0, times.usableMs(null))).toBe(usableMs);
    // Even with a longer hint.
    expect(Math.max(0, times.usableMs(60_000))).toBe(usableMs);
  });

  it('uses the shortest observed time', () => {
    const times = new IdleTimes();
    for (const closedMs of [1000, 400, 900]) times.closed(closedMs, 10_000);
    expect(times.usableMs(null)).toBe(300);
  });

  it('forgets a short time after a later connection stayed open', () => {
    const times = new IdleTimes();
    times.closed(10, 10_000);
    times.survived(9999, null);
    expect(mayUse(times, 500)).toBe(false);
    times.survived(10_001, null);
    expect(mayUse(times, 500)).toBe(true);
  });
});
