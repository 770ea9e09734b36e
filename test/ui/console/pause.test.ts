import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { pause } from '../../../ui/console/pause.ts';

it('removes its listener from a signal that is not aborted', async () => {
  const { signal } = new AbortController();
  await pause(1, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('ends at once when the signal aborts', async () => {
  const controller = new AbortController();
  const waiting = pause(60_000, controller.signal);
  controller.abort();
  await waiting;
});
