import type { Socket } from 'node:net';
import { readClock, SLOW_EVERY_MS, toSlowEvent } from './exchanges.ts';
import { STREAM_HEAD, toChunk } from '../load/wire.ts';

/** The streams that send in the same millisecond of each interval. */
const slots: Set<Socket>[] = Array.from({ length: SLOW_EVERY_MS }, () => new Set());
let opened = 0;
let timer: NodeJS.Timeout | null = null;

/** Sends one event in each interval until the client leaves. The streams are spread evenly over the interval. */
export function startSlowStream(socket: Socket): void {
  const slot = slots[opened % SLOW_EVERY_MS];
  opened += 1;
  slot?.add(socket);
  socket.once('close', () => slot?.delete(socket));
  socket.write(STREAM_HEAD);
  timer ??= startTimer();
}

function startTimer(): NodeJS.Timeout {
  let turned = Math.floor(performance.now());
  return setInterval(() => {
    // Timers fire late: send what became due in the meantime.
    for (const now = Math.floor(performance.now()); turned < now; turned += 1) {
      for (const socket of slots[turned % SLOW_EVERY_MS] ?? []) {
        socket.write(toChunk(toSlowEvent(readClock())));
      }
    }
  }, 1);
}
