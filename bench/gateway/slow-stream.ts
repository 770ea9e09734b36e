import type { Socket } from 'node:net';
import { readClock, SLOW_EVERY_MS, toSlowEvent } from './exchanges.ts';
import { STREAM_HEAD, toChunk } from './wire.ts';

/** The streams that send in the same millisecond of each round. */
const slots: Set<Socket>[] = Array.from({ length: SLOW_EVERY_MS }, () => new Set());
let opened = 0;
let timer: NodeJS.Timeout | null = null;

/**
 * Sends one event in each round until the client goes away. Streams are spread evenly over the round, as those of many
 * users would be.
 */
export function startSlowStream(socket: Socket): void {
  const slot = slots[opened % SLOW_EVERY_MS];
  opened += 1;
  slot?.add(socket);
  socket.once('close', () => slot?.delete(socket));
  socket.write(STREAM_HEAD);
  timer ??= startTurning();
}

function startTurning(): NodeJS.Timeout {
  let turned = Math.floor(performance.now());
  return setInterval(() => {
    // Timers come late: what was due meanwhile is sent now.
    for (const now = Math.floor(performance.now()); turned < now; turned += 1) {
      for (const socket of slots[turned % SLOW_EVERY_MS] ?? []) {
        socket.write(toChunk(toSlowEvent(readClock())));
      }
    }
  }, 1);
}
