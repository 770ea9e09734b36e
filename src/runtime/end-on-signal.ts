import type { Log } from '../telemetry/log.ts';

/**
 * Ends the process on a signal, when running responses have ended or the grace period is over. A second signal ends it
 * at once.
 */
export function endOnSignal(options: {
  log: Log;
  graceMs: number;
  close: (graceMs: number) => Promise<void>;
}): void {
  const { log, graceMs, close } = options;
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    log.info(`Ending: what runs may go on for ${graceMs} ms, a second signal ends it at once`);
    void close(graceMs).then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
}
